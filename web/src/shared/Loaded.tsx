// SPDX-License-Identifier: Apache-2.0
import { Skeleton } from '@patternfly/react-core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { t } from '../text';
import { ProblemAlert } from './ProblemAlert';

/** What was asked for once it is there; until then a shape of it, and what went wrong if it did. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const retry = () => {
    void query.refetch();
  };
  if (query.data !== undefined) {
    return (
      <>
        {query.error !== null && <ProblemAlert error={query.error} onRetry={retry} />}
        {children(query.data)}
      </>
    );
  }
  if (query.error !== null) {
    return <ProblemAlert error={query.error} onRetry={retry} />;
  }
  return (
    <div className="berth-loading">
      <Skeleton screenreaderText={t('loading')} width="60%" />
      <Skeleton width="80%" />
      <Skeleton width="40%" />
    </div>
  );
}
