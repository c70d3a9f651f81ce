// SPDX-License-Identifier: Apache-2.0
import { FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ActionForm } from '../shared/ActionForm';
import { Copyable } from '../shared/Copyable';
import { QrCode } from '../shared/QrCode';
import { t } from '../text';

/** In two steps: the secret goes into the authenticator, and a code of it comes back. */
export function EnrolAuthenticator({ onEnrolled }: { onEnrolled: (recoveryCodes: string[]) => void }) {
  const [begun, setBegun] = useState<{ secret?: string; uri?: string }>();
  const [code, setCode] = useState('');
  const begin = async () => setBegun(await ask(api.POST('/api/v1/account/totp')));
  const confirm = async () => {
    const { recoveryCodes } = await ask(
      api.POST('/api/v1/account/totp/confirmation', { body: { code: code.replace(/\s/g, '') } }),
    );
    onEnrolled(recoveryCodes ?? []);
  };
  if (begun === undefined) {
    return <ActionForm action={t('factors.add')} variant="secondary" onSubmit={begin} />;
  }
  return (
    <>
      <p>{t('factors.begin')}</p>
      <QrCode text={begun.uri ?? ''} label={t('factors.qr')} />
      <Copyable text={begun.secret ?? ''} label={t('factors.secret')} />
      <ActionForm action={t('factors.confirm')} isReady={/^\s*(\d\s*){6}$/.test(code)} onSubmit={confirm}>
        <FormGroup label={t('proof.code')} fieldId="totp-code" isRequired>
          <TextInput
            id="totp-code"
            value={code}
            onChange={(_event, value) => setCode(value)}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
            isRequired
          />
        </FormGroup>
      </ActionForm>
    </>
  );
}
