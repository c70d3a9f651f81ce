// SPDX-License-Identifier: Apache-2.0
import { Checkbox, Label } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { driftsQuery } from '../api/queries';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';

/** Containers that had something that policy does not want. */
export function DriftsTab() {
  const [onlyOpen, setOnlyOpen] = useState(true);
  const query = useQuery(driftsQuery(onlyOpen));
  return (
    <>
      <p>{t('drifts.what')}</p>
      <Checkbox id="only-open" label={t('drifts.onlyOpen')} isChecked={onlyOpen} onChange={(_event, value) => setOnlyOpen(value)} />
      <Loaded query={query}>
        {(drifts) =>
          drifts.length === 0 ? (
            <Empty title={t('drifts.none')}>{t('drifts.none.what')}</Empty>
          ) : (
            <List
              label={t('security.drifts')}
              items={drifts}
              keyOf={(drift) => drift.id}
              columns={[
                {
                  title: t('container.one'),
                  show: (drift) => (
                    <Link
                      to="/t/$tenant/containers/$container"
                      params={{ tenant: drift.tenant, container: drift.container }}
                      search={{ tab: 'passport' }}
                    >
                      {drift.tenant}/{drift.container}
                    </Link>
                  ),
                },
                { title: t('passport.item'), show: (drift) => <code>{drift.item}</code> },
                { title: t('passport.found'), show: (drift) => <code className="berth-break">{drift.found}</code> },
                { title: t('drifts.expected'), show: (drift) => <code className="berth-break">{drift.expected}</code> },
                { title: t('passport.why'), show: (drift) => drift.reason },
                {
                  title: t('drifts.since'),
                  show: (drift) => (
                    <>
                      <Moment at={drift.firstSeenAt} />{' '}
                      {drift.endedAt !== null && (
                        <Label isCompact color="grey">
                          {t('drifts.over')}
                        </Label>
                      )}
                    </>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <SameAs lines={[[t('security.drifts'), curl('GET', `/drifts?open=${String(onlyOpen)}`)]]} />
    </>
  );
}
