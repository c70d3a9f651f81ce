// SPDX-License-Identifier: Apache-2.0
import { PageSection, Spinner } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ApiError } from '../api/problem';
import { isFinished, operationQuery } from '../api/queries';
import { Facts } from '../shared/Facts';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { PageHead } from '../shared/PageHead';
import { plain } from '../shared/plain';
import { ProblemAlert } from '../shared/ProblemAlert';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { kindText } from './kind';
import { OperationState } from './OperationState';

/** One operation, its progress line by line. */
export default function OperationPage() {
  const { operation: id = '' } = useParams({ strict: false });
  const query = useQuery(operationQuery(id));
  const operation = query.data;
  return (
    <>
      <PageHead
        title={operation === undefined ? t('operation.one') : kindText(operation)}
        beside={operation && <OperationState operation={operation} />}
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <Loaded query={query}>
          {(found) => (
            <>
              {found.error !== null && <ProblemAlert error={new ApiError(found.error)} />}
              <Facts
                title={t('operation.facts')}
                facts={[
                  [t('operations.asked'), <Moment key="asked" at={found.createdAt} />],
                  [t('operation.started'), <Moment key="started" at={found.startedAt} />],
                  [t('operation.finished'), <Moment key="finished" at={found.finishedAt} />],
                  [t('operations.progress'), found.progress ?? t('operation.noProgress')],
                ]}
              >
                {!isFinished(found) && <Spinner size="md" aria-label={t('operation.RUNNING')} />}
              </Facts>
              {found.log !== '' && (
                <pre className="berth-log" tabIndex={0} aria-label={t('operation.log')}>
                  {plain(found.log)}
                </pre>
              )}
            </>
          )}
        </Loaded>
        <SameAs lines={[[t('operation.wait'), curl('GET', `/operations/${id}?wait=60s`)]]} />
      </PageSection>
    </>
  );
}
