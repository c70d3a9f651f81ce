// SPDX-License-Identifier: Apache-2.0
import { PageSection, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { PageHead } from '../shared/PageHead';
import { t } from '../text';
import { AuthoritiesTab } from './AuthoritiesTab';
import { CertificatesTab } from './CertificatesTab';
import { ConfigTab } from './ConfigTab';
import { FactorDemand } from './FactorDemand';
import { KeysTab } from './KeysTab';

const route = getRouteApi('/shell/t/$tenant/ssh');

/** Who gets in by SSH, and with what. */
export default function SshPage() {
  const { tenant } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const all = [
    { key: 'keys', title: t('keys.title'), body: <KeysTab tenant={tenant} /> },
    { key: 'certificates', title: t('certificates.title'), body: <CertificatesTab tenant={tenant} /> },
    { key: 'authorities', title: t('authorities.title'), body: <AuthoritiesTab tenant={tenant} /> },
    { key: 'factor', title: t('sshFactor.title'), body: <FactorDemand tenant={tenant} /> },
    { key: 'config', title: t('sshConfig.title'), body: <ConfigTab tenant={tenant} /> },
  ];
  const active = all.find((each) => each.key === tab) ?? all[0];
  return (
    <>
      <PageHead title={t('ssh.title')} intro={t('ssh.intro')} />
      <PageSection hasBodyWrapper={false} type="tabs">
        <Tabs
          activeKey={active?.key}
          onSelect={(_event, key) => void navigate({ to: '/t/$tenant/ssh', params: { tenant }, search: { tab: String(key) } })}
          aria-label={t('ssh.title')}
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
