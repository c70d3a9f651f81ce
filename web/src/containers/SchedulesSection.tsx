// SPDX-License-Identifier: Apache-2.0
import { Button, FormGroup, FormSelect, FormSelectOption, NumberInput } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { CADENCES, schedulesQuery } from '../api/snapshots';
import type { Container, SnapshotSchedule } from '../api/types';
import { ActionForm } from '../shared/ActionForm';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';

const MOST_KEPT = 1_000;
const USUALLY_KEPT = 7;

/** Snapshots that are taken by themselves. */
export function SchedulesSection({ container: { tenant, name } }: { container: Container }) {
  const query = useQuery(schedulesQuery(tenant, name));
  const queries = useQueryClient();
  const toasts = useToasts();
  const path = { tenant, container: name };
  const refresh = () => queries.invalidateQueries({ queryKey: ['snapshot-schedules', tenant, name] });
  const remove = ({ cadence }: SnapshotSchedule) => {
    ask(
      api.DELETE('/api/v1/tenants/{tenant}/containers/{container}/snapshot-schedules/{cadence}', { params: { path: { ...path, cadence } } }),
    ).then(refresh, toasts.failed);
  };
  const put = async (cadence: string, keep: number) => {
    await ask(
      api.PUT('/api/v1/tenants/{tenant}/containers/{container}/snapshot-schedules/{cadence}', {
        params: { path: { ...path, cadence } },
        body: { keep },
      }),
    );
    await refresh();
  };
  return (
    <section>
      <h2 className="berth-subhead">{t('schedules.title')}</h2>
      <p>{t('schedules.what')}</p>
      <NewSchedule onPut={put} />
      <Loaded query={query}>
        {(schedules) =>
          schedules.length > 0 && (
            <List
              label={t('schedules.title')}
              items={schedules}
              keyOf={(schedule) => schedule.cadence}
              columns={[
                { title: t('schedules.often'), show: (schedule) => t(`schedules.${schedule.cadence}`) },
                { title: t('schedules.keep'), show: (schedule) => schedule.keep },
                { title: t('schedules.next'), show: (schedule) => <Moment at={schedule.nextAt} /> },
                {
                  title: t('list.actions'),
                  show: (schedule) => (
                    <Button
                      variant="link"
                      isInline
                      onClick={() => remove(schedule)}
                      aria-label={t('schedules.remove.of', { cadence: t(`schedules.${schedule.cadence}`) })}
                    >
                      {t('schedules.remove')}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </section>
  );
}

function NewSchedule({ onPut }: { onPut: (cadence: string, keep: number) => Promise<void> }) {
  const [cadence, setCadence] = useState<string>('DAILY');
  const [keep, setKeep] = useState(USUALLY_KEPT);
  const set = (value: number) => setKeep(Math.min(Math.max(Math.round(value) || 1, 1), MOST_KEPT));
  return (
    <ActionForm action={t('schedules.set')} variant="secondary" isRow onSubmit={() => onPut(cadence, keep)}>
      <FormGroup label={t('schedules.often')} fieldId="schedule-cadence">
        <FormSelect id="schedule-cadence" value={cadence} onChange={(_event, value) => setCadence(value)}>
          {CADENCES.map((each) => (
            <FormSelectOption key={each} value={each} label={t(`schedules.${each}`)} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label={t('schedules.keep')} fieldId="schedule-keep">
        <NumberInput
          value={keep}
          min={1}
          max={MOST_KEPT}
          onMinus={() => set(keep - 1)}
          onPlus={() => set(keep + 1)}
          onChange={(event) => set(Number(event.currentTarget.value))}
          inputProps={{ id: 'schedule-keep' }}
          inputAriaLabel={t('schedules.keep')}
          minusBtnAriaLabel={t('size.less', { what: t('schedules.keep') })}
          plusBtnAriaLabel={t('size.more', { what: t('schedules.keep') })}
        />
      </FormGroup>
    </ActionForm>
  );
}
