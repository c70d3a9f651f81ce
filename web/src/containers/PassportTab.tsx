// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Label } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { passportQuery } from '../api/queries';
import type { Container } from '../api/types';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';

/** What the kernel says that the container has, line by line, beside what it should have. */
export default function PassportTab({ container }: { container: Container }) {
  const query = useQuery({ ...passportQuery(container.tenant, container.name), enabled: container.state !== 'STOPPED' });
  const path = `/tenants/${container.tenant}/containers/${container.name}`;
  if (container.state === 'STOPPED') {
    return <Empty title={t('passport.stopped')}>{t('passport.stopped.why')}</Empty>;
  }
  return (
    <>
      <p>{t('passport.what')}</p>
      <Loaded query={query}>
        {(passport) => {
          const drift = passport.lines.filter((line) => line.verdict === 'DRIFT');
          return (
            <>
              <Alert
                isInline
                variant={drift.length === 0 ? 'success' : 'danger'}
                title={
                  drift.length === 0
                    ? t('passport.asItShould', { count: passport.lines.length })
                    : t('passport.drift', { count: drift.length })
                }
              >
                <p>
                  {t('passport.takenAt')} <Moment at={passport.takenAt} />
                </p>
              </Alert>
              <List
                label={t('container.passport')}
                items={[...drift, ...passport.lines.filter((line) => line.verdict !== 'DRIFT')]}
                keyOf={(line) => line.item}
                columns={[
                  { title: t('passport.item'), show: (line) => <code>{line.item}</code> },
                  {
                    title: t('passport.verdict'),
                    show: (line) => (
                      <Label isCompact color={line.verdict === 'DRIFT' ? 'red' : 'green'}>
                        {line.verdict === 'DRIFT' ? t('passport.differs') : t('passport.ok')}
                      </Label>
                    ),
                  },
                  { title: t('passport.found'), show: (line) => <code className="berth-break">{line.found}</code> },
                  { title: t('passport.why'), show: (line) => line.reason },
                ]}
              />
            </>
          );
        }}
      </Loaded>
      <Button variant="secondary" isLoading={query.isFetching} onClick={() => void query.refetch()}>
        {t('passport.again')}
      </Button>
      <SameAs
        lines={[
          [t('container.passport'), curl('GET', `${path}/passport`)],
          [t('passport.export'), curl('GET', `${path}/passport/export`)],
          [t('passport.key'), curl('GET', '/passport-key')],
        ]}
      />
    </>
  );
}
