// SPDX-License-Identifier: Apache-2.0
import { Button, FormGroup, Label, TextInput } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { snapshotsQuery } from '../api/snapshots';
import type { Container, Snapshot } from '../api/types';
import { useFollow } from '../operations/follow';
import { ActionForm } from '../shared/ActionForm';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { SchedulesSection } from './SchedulesSection';
import { SnapshotDialog, type Asked } from './SnapshotDialog';
import { takeSnapshot } from './snapshots';

const ACTIONS = ['restore', 'copy', 'delete'] as const;

/** The files as they were, and the way back to them. */
export default function SnapshotsTab({ container }: { container: Container }) {
  const { tenant, name } = container;
  const query = useQuery(snapshotsQuery(tenant, name));
  const [asked, setAsked] = useState<Asked>();
  const path = `/tenants/${tenant}/containers/${name}`;
  return (
    <>
      <Take tenant={tenant} container={name} />
      <Loaded query={query}>
        {(snapshots) =>
          snapshots.length === 0 ? (
            <Empty title={t('snapshots.none')}>{t('snapshots.none.what')}</Empty>
          ) : (
            <List
              label={t('snapshots.title')}
              items={[...snapshots].reverse()}
              keyOf={(snapshot) => snapshot.id}
              columns={[
                { title: t('snapshots.name'), show: (snapshot) => snapshot.name },
                { title: t('snapshots.taken'), show: (snapshot) => <Taken snapshot={snapshot} /> },
                {
                  title: t('snapshots.by'),
                  show: (snapshot) => (snapshot.cadence === null ? t('snapshots.byHand') : t(`schedules.${snapshot.cadence}`)),
                },
                {
                  title: t('list.actions'),
                  show: (snapshot) =>
                    snapshot.state === 'KEPT' &&
                    ACTIONS.map((what) => (
                      <Button
                        key={what}
                        variant="link"
                        isDanger={what === 'delete'}
                        onClick={() => setAsked({ what, snapshot })}
                        aria-label={t(`snapshots.${what}.of`, { name: snapshot.name })}
                      >
                        {t(`snapshots.${what}`)}
                      </Button>
                    )),
                },
              ]}
            />
          )
        }
      </Loaded>
      <SchedulesSection container={container} />
      <SameAs
        lines={[
          [t('snapshots.take'), curl('POST', `${path}/snapshots`, { name: 'before-upgrade' })],
          [t('snapshots.restore'), curl('POST', `${path}/snapshots/before-upgrade/restore`)],
          [t('snapshots.copy'), curl('POST', `${path}/copy`, { name: 'blog', snapshot: 'before-upgrade' })],
          [t('schedules.set'), curl('PUT', `${path}/snapshot-schedules/DAILY`, { keep: 7 })],
        ]}
      />
      {asked !== undefined && <SnapshotDialog container={container} asked={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function Taken({ snapshot }: { snapshot: Snapshot }) {
  return snapshot.state === 'KEPT' ? (
    <Moment at={snapshot.takenAt} />
  ) : (
    <Label isCompact color="blue">
      {t(`snapshots.state.${snapshot.state}`)}
    </Label>
  );
}

function Take({ tenant, container }: { tenant: string; container: string }) {
  const [name, setName] = useState('');
  const follow = useFollow();
  const take = async () => {
    follow(await takeSnapshot({ tenant, container }, name));
    setName('');
  };
  return (
    <ActionForm action={t('snapshots.take')} variant="secondary" isRow onSubmit={take}>
      <FormGroup label={t('snapshots.name')} fieldId="snapshot-name">
        <TextInput
          id="snapshot-name"
          value={name}
          onChange={(_event, value) => setName(value)}
          placeholder={t('snapshots.name.default')}
          autoComplete="off"
        />
      </FormGroup>
    </ActionForm>
  );
}
