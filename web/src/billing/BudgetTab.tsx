// SPDX-License-Identifier: Apache-2.0
import { Button, Label, Progress, ProgressMeasureLocation } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { budgetNotesQuery, budgetQuery, removeBudget } from '../api/budget';
import type { Budget, BudgetNote } from '../api/types';
import { ConfirmByName } from '../shared/ConfirmByName';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { money } from '../shared/money';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { BudgetForm } from './BudgetForm';

/** What a month may cost, and what happens when it does. */
export function BudgetTab({ tenant }: { tenant: string }) {
  const query = useQuery(budgetQuery(tenant));
  const queries = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const refresh = async () => {
    for (const key of ['budget', 'budget-notes', 'tenants']) {
      await queries.invalidateQueries({ queryKey: [key] });
    }
  };
  const path = `/tenants/${tenant}/budget`;
  return (
    <>
      <Loaded query={query}>
        {(budget) => (
          <>
            {budget === null ? (
              <Empty title={t('budget.none')}>{t('budget.none.what')}</Empty>
            ) : (
              <Spent budget={budget} onRemove={() => setRemoving(true)} />
            )}
            <BudgetForm key={JSON.stringify([budget?.monthly, budget?.caps])} tenant={tenant} budget={budget} onSet={refresh} />
          </>
        )}
      </Loaded>
      <Notes tenant={tenant} />
      <SameAs
        lines={[
          [
            t('budget.set'),
            curl('PUT', path, { currency: 'EUR', monthly: 10_000, alerts: [50, 80, 100], caps: { throttleAt: 100, stopAt: 150 } }),
          ],
          [t('budget.remove'), curl('DELETE', path)],
        ]}
      />
      {removing && (
        <ConfirmByName
          title={t('budget.remove')}
          name={tenant}
          action={t('budget.remove')}
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await removeBudget(tenant);
            await refresh();
          }}
        >
          <p>{t('budget.remove.body')}</p>
        </ConfirmByName>
      )}
    </>
  );
}

function Spent({ budget, onRemove }: { budget: Budget; onRemove: () => void }) {
  const whole = t('budget.spent', {
    month: budget.month,
    spent: money(budget.spent, budget.currency),
    monthly: money(budget.monthly, budget.currency),
  });
  return (
    <>
      <Progress
        title={whole}
        value={Math.min(100, budget.percent)}
        label={t('budget.percent', { percent: budget.percent })}
        measureLocation={ProgressMeasureLocation.outside}
        variant={budget.percent >= 100 ? 'danger' : undefined}
      />
      <p>
        {budget.step !== null && (
          <Label isCompact color="orange">
            {t(`budget.step.${budget.step}`)}
          </Label>
        )}{' '}
        {t('budget.looked')} <Moment at={budget.lookedAt} />{' '}
        <Button variant="link" isDanger isInline onClick={onRemove}>
          {t('budget.remove')}
        </Button>
      </p>
    </>
  );
}

/** What was told and done. */
function Notes({ tenant }: { tenant: string }) {
  const query = useQuery(budgetNotesQuery(tenant));
  return (
    <Loaded query={query}>
      {(notes) =>
        notes.length > 0 && (
          <List
            label={t('budget.notes')}
            items={notes}
            keyOf={(note) => note.id}
            columns={[
              { title: t('budget.at'), show: (note) => <Moment at={note.at} /> },
              { title: t('budget.what'), show: said },
              { title: t('budget.of'), show: (note) => `${money(note.spent, note.currency)} / ${money(note.monthly, note.currency)}` },
            ]}
          />
        )
      }
    </Loaded>
  );
}

function said(note: BudgetNote): string {
  if (note.kind === 'ALERT') {
    return t('budget.told', { percent: note.percent ?? 0 });
  }
  return note.step === null ? t('budget.undone') : t(`budget.step.${note.step}`);
}
