// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, Checkbox, Form, FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ProblemAlert } from '../shared/ProblemAlert';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';

export function NewUser({ onMade }: { onMade: () => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [operator, setOperator] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const toasts = useToasts();
  const make = () => {
    setError(null);
    ask(api.POST('/api/v1/users', { body: { name, password, operator } })).then(
      () => {
        toasts.done(t('users.made', { user: name }));
        setName('');
        setPassword('');
        setOperator(false);
        onMade();
      },
      (failure: unknown) => setError(failure),
    );
  };
  return (
    <Form
      className="berth-form berth-form-row"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      {error !== null && <ProblemAlert error={error} />}
      <FormGroup label={t('users.name')} fieldId="new-user-name" isRequired>
        <TextInput id="new-user-name" value={name} onChange={(_event, value) => setName(value)} autoComplete="off" isRequired />
      </FormGroup>
      <FormGroup label={t('users.password')} fieldId="new-user-password" isRequired>
        <TextInput
          id="new-user-password"
          type="password"
          value={password}
          onChange={(_event, value) => setPassword(value)}
          autoComplete="new-password"
          isRequired
        />
      </FormGroup>
      <FormGroup role="group" label={t('account.power')} fieldId="new-user-operator">
        <Checkbox
          id="new-user-operator"
          label={t('users.operator')}
          isChecked={operator}
          onChange={(_event, value) => setOperator(value)}
        />
      </FormGroup>
      <ActionGroup>
        <Button type="submit" variant="secondary" isDisabled={name === '' || password === ''}>
          {t('users.add')}
        </Button>
      </ActionGroup>
    </Form>
  );
}
