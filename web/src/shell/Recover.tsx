// SPDX-License-Identifier: Apache-2.0
import { FormGroup, TextInput, Title } from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ActionForm } from '../shared/ActionForm';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';

const MARK = '#recovery=';

/** Of a link that an operator made; what stands behind the # is sent to nobody by itself. */
export function recoveryToken(): string | undefined {
  return window.location.hash.startsWith(MARK) ? window.location.hash.slice(MARK.length) : undefined;
}

export function Recover({ token, onDone }: { token: string; onDone: () => void }) {
  const [password, setPassword] = useState('');
  const toasts = useToasts();
  const recover = async () => {
    await ask(api.POST('/api/v1/recovery', { body: { token, password } }));
    window.history.replaceState(null, '', window.location.pathname); // it is used up
    toasts.done(t('recover.done'));
    onDone();
  };
  return (
    <main className="berth-sign-in">
      <div className="berth-sign-in-card">
        <Title headingLevel="h1">{t('recover.title')}</Title>
        <ActionForm action={t('recover.action')} isReady={password !== ''} onSubmit={recover}>
          <FormGroup label={t('password.new')} fieldId="recover-password" isRequired>
            <TextInput
              id="recover-password"
              type="password"
              value={password}
              onChange={(_event, value) => setPassword(value)}
              autoComplete="new-password"
              autoFocus
              isRequired
            />
          </FormGroup>
        </ActionForm>
      </div>
    </main>
  );
}
