// SPDX-License-Identifier: Apache-2.0
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { PageHead } from '../shared/PageHead';
import { TabbedPage } from '../shared/TabbedPage';
import { t } from '../text';
import { CouponsTab } from './CouponsTab';
import { InvoiceRun } from './InvoiceRun';
import { PlansTab } from './PlansTab';
import { PricesTab } from './PricesTab';

const route = getRouteApi('/shell/admin/billing');

export default function BillingPage() {
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={t('billing.title')} intro={t('billing.intro')} />
      <TabbedPage
        label={t('billing.title')}
        tab={tab}
        onTab={(key) => void navigate({ to: '/admin/billing', search: { tab: key } })}
        tabs={[
          { key: 'plans', title: t('plans.title'), body: <PlansTab /> },
          { key: 'prices', title: t('prices.title'), body: <PricesTab /> },
          { key: 'coupons', title: t('coupons.title'), body: <CouponsTab /> },
          { key: 'run', title: t('run.title'), body: <InvoiceRun /> },
        ]}
      />
    </>
  );
}
