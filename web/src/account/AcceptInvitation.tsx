// SPDX-License-Identifier: Apache-2.0
import { FormGroup, TextInput } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ActionForm } from '../shared/ActionForm';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';

/** An invitation's token, typed and not in an address, which others might see. */
export function AcceptInvitation() {
  const [token, setToken] = useState('');
  const queries = useQueryClient();
  const toasts = useToasts();
  const accept = async () => {
    const tenant = await ask(api.POST('/api/v1/invitations/acceptance', { body: { token: token.trim() } }));
    toasts.done(t('invitations.accepted.now', { tenant: String(tenant.name) }));
    setToken('');
    await queries.invalidateQueries({ queryKey: ['tenants'] });
  };
  return (
    <section>
      <h2 className="berth-subhead">{t('invitations.accept')}</h2>
      <p>{t('invitations.accept.what')}</p>
      <ActionForm action={t('invitations.accept.action')} variant="secondary" isRow isReady={token.trim() !== ''} onSubmit={accept}>
        <FormGroup label={t('invitations.token')} fieldId="invitation-token">
          <TextInput id="invitation-token" type="password" value={token} onChange={(_event, value) => setToken(value)} autoComplete="off" />
        </FormGroup>
      </ActionForm>
    </section>
  );
}
