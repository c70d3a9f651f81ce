// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { operationsQuery } from '../api/queries';
import type { Container } from '../api/types';
import { OperationsList } from '../operations/OperationsList';
import { Loaded } from '../shared/Loaded';

/** What was done to this container of late. */
export default function OperationsTab({ container }: { container: Container }) {
  const query = useQuery(operationsQuery(container.tenant));
  return (
    <Loaded query={query}>
      {(operations) => (
        <OperationsList operations={operations.filter((operation) => operation.target.id === container.id)} />
      )}
    </Loaded>
  );
}
