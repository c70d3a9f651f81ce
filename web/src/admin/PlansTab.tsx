// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { plansQuery } from '../api/billing';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { money } from '../shared/money';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';

const EXAMPLE = { name: 'small', book: 'standard', version: 1, flatMonthly: 500 };

/** What tenants can be on. */
export function PlansTab() {
  const query = useQuery(plansQuery);
  return (
    <>
      <p>{t('plans.what')}</p>
      <Loaded query={query}>
        {(plans) =>
          plans.length === 0 ? (
            <Empty title={t('plans.none')}>{t('plans.none.what')}</Empty>
          ) : (
            <List
              label={t('plans.title')}
              items={plans}
              keyOf={(plan) => plan.name}
              columns={[
                { title: t('plans.name'), show: (plan) => plan.name },
                { title: t('plans.prices'), show: (plan) => t('prices.version', { book: plan.book, version: plan.version }) },
                { title: t('plans.flat'), show: (plan) => money(plan.flatMonthly, plan.currency) },
                { title: t('plans.minimum'), show: (plan) => money(plan.minimumMonthly, plan.currency) },
                { title: t('containers.created'), show: (plan) => <Moment at={plan.createdAt} /> },
              ]}
            />
          )
        }
      </Loaded>
      <SameAs
        lines={[
          [t('plans.make'), curl('POST', '/plans', EXAMPLE)],
          [t('plans.assign'), curl('PUT', '/tenants/acme/plan', { plan: 'small', from: '2026-12-01' })],
        ]}
      />
    </>
  );
}
