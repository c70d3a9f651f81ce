// SPDX-License-Identifier: Apache-2.0
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { QuotaTab } from '../quota/QuotaTab';
import { PageHead } from '../shared/PageHead';
import { TabbedPage } from '../shared/TabbedPage';
import { t } from '../text';
import { UsageTab } from './UsageTab';

const route = getRouteApi('/shell/t/$tenant/usage');

export default function UsagePage() {
  const { tenant } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={t('usagePage.title')} intro={t('usagePage.intro')} />
      <TabbedPage
        label={t('usagePage.title')}
        tab={tab}
        onTab={(key) => void navigate({ to: '/t/$tenant/usage', params: { tenant }, search: { tab: key } })}
        tabs={[
          { key: 'usage', title: t('usagePage.used'), body: <UsageTab tenant={tenant} /> },
          { key: 'quota', title: t('quota.title'), body: <QuotaTab tenant={tenant} /> },
        ]}
      />
    </>
  );
}
