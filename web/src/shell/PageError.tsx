// SPDX-License-Identifier: Apache-2.0
import { PageSection } from '@patternfly/react-core';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { ProblemAlert } from '../shared/ProblemAlert';

/** A page that could not be shown, for example because a newer build has replaced its files. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <PageSection hasBodyWrapper={false}>
      <ProblemAlert
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </PageSection>
  );
}
