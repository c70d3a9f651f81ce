// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, Form, FormGroup, TextInput } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ProblemAlert } from '../shared/ProblemAlert';
import { useToasts } from '../shared/Toasts';
import { useMe } from '../shell/here';
import { t } from '../text';

/** A new password ends every session of the account, this one included. */
export function PasswordForm() {
  const me = useMe();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const toasts = useToasts();

  async function change() {
    setError(null);
    try {
      await ask(
        api.PUT('/api/v1/users/{user}/password', { params: { path: { user: me.name } }, body: { current, password } }),
      );
      toasts.done(t('password.done'));
      await navigate({ to: '/sign-in', search: { next: '/account' } });
      queries.clear();
    } catch (failure) {
      setError(failure);
    }
  }

  return (
    <>
      <h2 className="berth-subhead">{t('password.title')}</h2>
      <p>{t('password.what')}</p>
      <Form
        className="berth-form"
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        {error !== null && <ProblemAlert error={error} />}
        <input type="text" name="username" autoComplete="username" value={me.name} readOnly hidden />
        <FormGroup label={t('password.current')} fieldId="password-current" isRequired>
          <TextInput
            id="password-current"
            type="password"
            value={current}
            onChange={(_event, value) => setCurrent(value)}
            autoComplete="current-password"
            isRequired
          />
        </FormGroup>
        <FormGroup label={t('password.new')} fieldId="password-new" isRequired>
          <TextInput
            id="password-new"
            type="password"
            value={password}
            onChange={(_event, value) => setPassword(value)}
            autoComplete="new-password"
            isRequired
          />
        </FormGroup>
        <ActionGroup>
          <Button type="submit" variant="secondary" isDisabled={current === '' || password === ''}>
            {t('password.action')}
          </Button>
        </ActionGroup>
      </Form>
    </>
  );
}
