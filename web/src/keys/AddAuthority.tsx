// SPDX-License-Identifier: Apache-2.0
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextArea, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ActionForm } from '../shared/ActionForm';
import { t } from '../text';
import { principals } from './principals';
import { commentOf, isPrivate } from './publicKey';

/** A CA's public half, and what its certificates may open at most. */
export function AddAuthority({ tenant, onAdded }: { tenant: string; onAdded: () => Promise<unknown> }) {
  const [line, setLine] = useState('');
  const [name, setName] = useState('');
  const [allowed, setAllowed] = useState('');
  const isSecret = isPrivate(line);
  const wanted = name === '' ? commentOf(line) : name;
  const add = async () => {
    await ask(
      api.POST('/api/v1/tenants/{tenant}/ssh-authorities', {
        params: { path: { tenant } },
        body: { name: wanted, publicKey: line.trim(), ...principals(allowed) },
      }),
    );
    setLine('');
    setName('');
    setAllowed('');
    await onAdded();
  };
  return (
    <ActionForm
      action={t('authorities.add')}
      variant="secondary"
      isReady={!isSecret && line.trim() !== '' && wanted !== ''}
      onSubmit={add}
    >
      <FormGroup label={t('authorities.publicKey')} fieldId="authority-key" isRequired>
        <TextArea
          id="authority-key"
          value={line}
          onChange={(_event, value) => setLine(value)}
          placeholder="ssh-ed25519 AAAA…"
          validated={isSecret ? 'error' : 'default'}
          spellCheck={false}
          resizeOrientation="vertical"
          isRequired
        />
        <FormHelperText>
          <HelperText>
            <HelperTextItem variant={isSecret ? 'error' : 'default'}>
              {isSecret ? t('keys.private') : t('authorities.publicKey.help')}
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <FormGroup label={t('authorities.name')} fieldId="authority-name">
        <TextInput
          id="authority-name"
          value={name}
          onChange={(_event, value) => setName(value)}
          placeholder={commentOf(line)}
          maxLength={64}
          autoComplete="off"
        />
      </FormGroup>
      <FormGroup label={t('authorities.principals')} fieldId="authority-principals">
        <TextInput
          id="authority-principals"
          value={allowed}
          onChange={(_event, value) => setAllowed(value)}
          placeholder="*+*"
          autoComplete="off"
        />
        <FormHelperText>
          <HelperText>
            <HelperTextItem>{t('authorities.principals.help')}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
    </ActionForm>
  );
}
