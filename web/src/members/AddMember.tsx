// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, Form, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import type { Member } from '../api/types';
import { t } from '../text';
import { ROLES } from './roles';

export function AddMember({ onAdd }: { onAdd: (user: string, role: Member['role']) => void }) {
  const [user, setUser] = useState('');
  const [role, setRole] = useState<Member['role']>('MEMBER');
  return (
    <Form
      className="berth-form berth-form-row"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(user, role);
        setUser('');
      }}
    >
      <FormGroup label={t('members.user')} fieldId="member-user" isRequired>
        <TextInput id="member-user" value={user} onChange={(_event, value) => setUser(value)} autoComplete="off" isRequired />
      </FormGroup>
      <FormGroup label={t('members.role')} fieldId="member-role">
        <FormSelect id="member-role" value={role} onChange={(_event, value) => setRole(value as Member['role'])}>
          {ROLES.map((each) => (
            <FormSelectOption key={each} value={each} label={t(`role.${each}`)} />
          ))}
        </FormSelect>
      </FormGroup>
      <ActionGroup>
        <Button type="submit" variant="secondary" isDisabled={user === ''}>
          {t('members.add')}
        </Button>
      </ActionGroup>
    </Form>
  );
}
