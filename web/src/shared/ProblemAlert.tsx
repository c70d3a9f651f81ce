// SPDX-License-Identifier: Apache-2.0
import { Alert, AlertActionLink } from '@patternfly/react-core';
import { problemOf } from '../api/problem';
import { t } from '../text';
import { ConfirmPerson } from './ConfirmPerson';

/** What went wrong and what to do, in the platform's own words. */
export function ProblemAlert({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = problemOf(error);
  return (
    <Alert
      variant="danger"
      isInline
      title={problem.title}
      actionLinks={onRetry && <AlertActionLink onClick={onRetry}>{t('action.retry')}</AlertActionLink>}
    >
      {problem.type === 'urn:berth:problem:confirmation-needed' ? <ConfirmPerson /> : <p>{problem.detail}</p>}
    </Alert>
  );
}
