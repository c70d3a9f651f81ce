// SPDX-License-Identifier: Apache-2.0
import { PageSection, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { PageHead } from '../shared/PageHead';
import { t } from '../text';
import { DriftsTab } from './DriftsTab';
import { PatchesTab } from './PatchesTab';

const route = getRouteApi('/shell/admin/security');

export default function SecurityPage() {
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const all = [
    { key: 'drifts', title: t('security.drifts'), body: <DriftsTab /> },
    { key: 'patches', title: t('security.patches'), body: <PatchesTab /> },
  ];
  const active = all.find((each) => each.key === tab) ?? all[0];
  return (
    <>
      <PageHead title={t('security.title')} intro={t('security.intro')} />
      <PageSection hasBodyWrapper={false} type="tabs">
        <Tabs
          activeKey={active?.key}
          onSelect={(_event, key) => void navigate({ to: '/admin/security', search: { tab: String(key) } })}
          aria-label={t('security.title')}
          role="region"
        >
          {all.map((each) => (
            <Tab key={each.key} eventKey={each.key} title={<TabTitleText>{each.title}</TabTitleText>} tabContentId={`tab-${each.key}`} />
          ))}
        </Tabs>
      </PageSection>
      <PageSection hasBodyWrapper={false} isFilled>
        <section id={`tab-${active?.key ?? ''}`} role="tabpanel" aria-label={active?.title} tabIndex={0} className="berth-tab">
          {active?.body}
        </section>
      </PageSection>
    </>
  );
}
