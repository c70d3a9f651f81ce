// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback } from 'react';
import { api, ask } from '../api/client';
import { ApiError } from '../api/problem';
import { isFinished, operationQuery } from '../api/queries';
import type { Operation } from '../api/types';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { kindText } from './kind';

/** Asks until it has finished; the platform answers as soon as it has. */
export async function finished(operation: Operation): Promise<Operation> {
  let seen = operation;
  while (!isFinished(seen)) {
    seen = (await ask(
      api.GET('/api/v1/operations/{operation}', {
        params: { path: { operation: operation.id }, query: { wait: '20s' } },
      }),
    )) as Operation;
  }
  return seen;
}

/** Says what became of an operation, and has fresh what it changed. */
export function useFollow(): (operation: Operation) => void {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useCallback(
    (operation: Operation) => {
      const refresh = () => {
        for (const key of ['containers', 'container', 'operations', 'images', 'snapshots', 'volumes', 'volume-usage', 'ports']) {
          void queries.invalidateQueries({ queryKey: [key] });
        }
      };
      refresh();
      finished(operation).then(
        (end) => {
          queries.setQueryData(operationQuery(end.id).queryKey, end);
          refresh();
          const what = kindText(end);
          if (end.state === 'SUCCEEDED') {
            toasts.done(t('operation.succeeded', { what }));
          } else if (end.error !== null) {
            toasts.failed(new ApiError(end.error));
          } else {
            toasts.done(t('operation.cancelled', { what }));
          }
        },
        (error: unknown) => toasts.failed(error),
      );
    },
    [queries, toasts],
  );
}

export function OperationLink({ operation }: { operation: Operation }) {
  const text = kindText(operation);
  return operation.tenant === null ? (
    <Link to="/admin/operations/$operation" params={{ operation: operation.id }}>
      {text}
    </Link>
  ) : (
    <Link to="/t/$tenant/operations/$operation" params={{ tenant: operation.tenant, operation: operation.id }}>
      {text}
    </Link>
  );
}
