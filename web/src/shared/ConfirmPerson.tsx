// SPDX-License-Identifier: Apache-2.0
import { Button, FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { problemOf } from '../api/problem';
import { useMe } from '../shell/here';
import { t } from '../text';
import { NO_PROOF, SecondProofFields, proofOf } from './SecondProofFields';

/** Where something can't be undone and the session is not fresh: no form, as it may stand inside of one. */
export function ConfirmPerson() {
  const { secondFactor } = useMe();
  const [password, setPassword] = useState('');
  const [proof, setProof] = useState(NO_PROOF);
  const [said, setSaid] = useState('');
  const confirm = () => {
    ask(api.POST('/api/v1/session/confirmation', { body: secondFactor ? proofOf(proof) : { password } })).then(
      () => setSaid(t('confirmPerson.done')),
      (failure: unknown) => setSaid(problemOf(failure).detail),
    );
  };
  return (
    <>
      <p>{t('confirmPerson.what')}</p>
      {secondFactor ? (
        <SecondProofFields value={proof} onChange={setProof} />
      ) : (
        <FormGroup label={t('signIn.password')} fieldId="confirm-password">
          <TextInput
            id="confirm-password"
            type="password"
            value={password}
            onChange={(_event, value) => setPassword(value)}
            autoComplete="current-password"
          />
        </FormGroup>
      )}{' '}
      <Button variant="secondary" onClick={confirm}>
        {t('confirmPerson.action')}
      </Button>
      <p role="status">{said}</p>
    </>
  );
}
