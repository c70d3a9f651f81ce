// SPDX-License-Identifier: Apache-2.0
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { PageHead } from '../shared/PageHead';
import { TabbedPage } from '../shared/TabbedPage';
import { t } from '../text';
import { BudgetTab } from './BudgetTab';
import { CreditTab } from './CreditTab';

const route = getRouteApi('/shell/t/$tenant/budget');

export default function BudgetPage() {
  const { tenant } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={t('budget.title')} intro={t('budget.intro')} />
      <TabbedPage
        label={t('budget.title')}
        tab={tab}
        onTab={(key) => void navigate({ to: '/t/$tenant/budget', params: { tenant }, search: { tab: key } })}
        tabs={[
          { key: 'budget', title: t('budget.one'), body: <BudgetTab tenant={tenant} /> },
          { key: 'credit', title: t('credit.title'), body: <CreditTab tenant={tenant} /> },
        ]}
      />
    </>
  );
}
