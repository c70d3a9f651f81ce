// SPDX-License-Identifier: Apache-2.0
import { PageSection } from '@patternfly/react-core';
import { timeZone } from '../shared/format';
import { Facts } from '../shared/Facts';
import { PageHead } from '../shared/PageHead';
import { useMe } from '../shell/here';
import { t } from '../text';
import { AcceptInvitation } from './AcceptInvitation';
import { PasswordForm } from './PasswordForm';
import { SecondFactorSection } from './SecondFactorSection';
import { TokensSection } from './TokensSection';

export default function AccountPage() {
  const me = useMe();
  return (
    <>
      <PageHead title={t('account.title')} intro={t('account.intro')} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Facts
          title={t('account.you')}
          facts={[
            [t('signIn.userName'), me.name],
            [t('account.power'), me.operator ? t('account.operator') : t('account.person')],
            [t('account.proof'), me.secondFactor ? t('account.proof.two') : t('account.proof.password')],
            [t('account.zone'), timeZone()],
          ]}
        />
        <AcceptInvitation />
        <SecondFactorSection />
        <TokensSection />
        <PasswordForm />
      </PageSection>
    </>
  );
}
