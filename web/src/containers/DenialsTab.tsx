// SPDX-License-Identifier: Apache-2.0
import { Alert, Label } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { denialsQuery, grantsQuery } from '../api/queries';
import type { Container } from '../api/types';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { useMe } from '../shell/here';
import { t } from '../text';
import { GrantForm } from './GrantForm';

/** What the container was refused, why, and what to do about it. */
export default function DenialsTab({ container }: { container: Container }) {
  const { tenant, name } = container;
  const me = useMe();
  const denials = useQuery({ ...denialsQuery(tenant, name), enabled: container.state !== 'STOPPED' });
  const path = `/tenants/${tenant}/containers/${name}`;
  if (container.state === 'STOPPED') {
    return <Empty title={t('denials.stopped')}>{t('denials.stopped.why')}</Empty>;
  }
  return (
    <>
      <Loaded query={denials}>
        {({ counts, recent, since }) =>
          recent.length === 0 ? (
            <Empty title={t('denials.none')}>{t('denials.none.what')}</Empty>
          ) : (
            <>
              {counts.map((count) => (
                <Alert
                  key={count.rule}
                  variant="warning"
                  isInline
                  title={t('denials.count', { rule: count.rule, count: count.count })}
                >
                  <p>{count.reason}</p>
                </Alert>
              ))}
              <p>
                {t('denials.since')} <Moment at={since} />
              </p>
              <List
                label={t('container.denials')}
                items={recent}
                keyOf={(denial) => `${denial.rule} ${denial.call} ${denial.process} ${denial.first}`}
                columns={[
                  { title: t('denials.call'), show: (denial) => <code>{denial.call}</code> },
                  { title: t('denials.error'), show: (denial) => denial.error },
                  { title: t('denials.process'), show: (denial) => denial.process },
                  { title: t('denials.times'), show: (denial) => denial.times },
                  { title: t('denials.last'), show: (denial) => <Moment at={denial.last} /> },
                ]}
              />
              {me.operator && <GrantForm container={container} rules={counts.map((count) => count.rule)} />}
            </>
          )
        }
      </Loaded>
      <Grants container={container} />
      <SameAs
        lines={[
          [t('container.denials'), curl('GET', `${path}/denials`)],
          [t('denials.node'), `./berth denials ${tenant}.${name}`],
        ]}
      />
    </>
  );
}

function Grants({ container }: { container: Container }) {
  const query = useQuery(grantsQuery(container.tenant, container.name));
  if (query.data === undefined || query.data.length === 0) {
    return null;
  }
  return (
    <>
      <h2 className="berth-subhead">{t('grants.title')}</h2>
      <List
        label={t('grants.title')}
        items={query.data}
        keyOf={(grant) => `${grant.rule} ${grant.grantedAt}`}
        columns={[
          { title: t('grants.rule'), show: (grant) => grant.rule },
          {
            title: t('grants.state'),
            show: (grant) => (
              <Label isCompact color={grant.state === 'HOLDS' ? 'orange' : 'grey'}>
                {t(`grants.state.${grant.state}`)}
              </Label>
            ),
          },
          { title: t('grants.until'), show: (grant) => <Moment at={grant.until} /> },
          { title: t('grants.reason'), show: (grant) => grant.reason },
          { title: t('grants.by'), show: (grant) => grant.grantedBy ?? t('account.gone') },
        ]}
      />
    </>
  );
}
