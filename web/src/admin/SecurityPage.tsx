// SPDX-License-Identifier: Apache-2.0
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { PageHead } from '../shared/PageHead';
import { TabbedPage } from '../shared/TabbedPage';
import { t } from '../text';
import { BansTab } from './BansTab';
import { DriftsTab } from './DriftsTab';
import { PatchesTab } from './PatchesTab';

const route = getRouteApi('/shell/admin/security');

export default function SecurityPage() {
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={t('security.title')} intro={t('security.intro')} />
      <TabbedPage
        label={t('security.title')}
        tab={tab}
        onTab={(key) => void navigate({ to: '/admin/security', search: { tab: key } })}
        tabs={[
          { key: 'drifts', title: t('security.drifts'), body: <DriftsTab /> },
          { key: 'patches', title: t('security.patches'), body: <PatchesTab /> },
          { key: 'bans', title: t('security.bans'), body: <BansTab /> },
        ]}
      />
    </>
  );
}
