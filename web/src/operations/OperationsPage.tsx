// SPDX-License-Identifier: Apache-2.0
import { PageSection } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { operationsQuery } from '../api/queries';
import { Loaded } from '../shared/Loaded';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { OperationsList } from './OperationsList';

/** A tenant's long work, or everybody's for operators. */
export default function OperationsPage() {
  const { tenant } = useParams({ strict: false });
  const query = useQuery(operationsQuery(tenant));
  return (
    <>
      <PageHead
        title={tenant === undefined ? t('allOperations.title') : t('operations.title')}
        intro={t('operations.intro')}
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <Loaded query={query}>
          {(operations) => <OperationsList operations={operations} withTenant={tenant === undefined} />}
        </Loaded>
        <SameAs
          lines={[
            [t('operations.title'), curl('GET', tenant === undefined ? '/operations' : `/operations?tenant=${tenant}`)],
          ]}
        />
      </PageSection>
    </>
  );
}
