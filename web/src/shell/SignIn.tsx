// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, Form, FormGroup, TextInput, Title } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, ask } from '../api/client';
import { sessionQuery } from '../api/queries';
import { ApiError } from '../api/problem';
import { NO_PROOF, SecondProofFields, proofOf } from '../shared/SecondProofFields';
import { ProblemAlert } from '../shared/ProblemAlert';
import { t } from '../text';
import { Recover, recoveryToken } from './Recover';

const route = getRouteApi('/sign-in');

export function SignIn() {
  const { next } = route.useSearch();
  const queries = useQueryClient();
  const router = useRouter();
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const [proof, setProof] = useState(NO_PROOF);
  const [recovery, setRecovery] = useState(recoveryToken());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  useEffect(() => {
    document.title = `${t('signIn.title')} – Berth`;
  }, []);

  async function signIn() {
    setBusy(true);
    setError(null);
    try {
      const me = await ask(api.POST('/api/v1/session', { body: { userName, password, ...(isAsked ? proofOf(proof) : {}) } }));
      queries.clear(); // nothing of whoever was here before
      queries.setQueryData(sessionQuery.queryKey, me as never);
      await router.navigate({ href: next ?? '/', replace: true });
    } catch (failure) {
      const wantsMore = failure instanceof ApiError && failure.problem.type === 'urn:berth:problem:second-factor-needed';
      setIsAsked(wantsMore);
      setError(wantsMore && !isAsked ? null : failure);
      setProof(NO_PROOF);
      setBusy(false);
    }
  }

  if (recovery !== undefined) {
    return <Recover token={recovery} onDone={() => setRecovery(undefined)} />;
  }

  return (
    <main className="berth-sign-in">
      <div className="berth-sign-in-card">
        <img src="/favicon.svg" alt="" width="48" height="48" />
        <Title headingLevel="h1">{t('signIn.title')}</Title>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            void signIn();
          }}
        >
          {error !== null && <ProblemAlert error={error} />}
          <FormGroup label={t('signIn.userName')} fieldId="user-name" isRequired>
            <TextInput
              id="user-name"
              name="username"
              value={userName}
              onChange={(_event, value) => setUserName(value)}
              autoComplete="username"
              autoFocus
              isRequired
            />
          </FormGroup>
          <FormGroup label={t('signIn.password')} fieldId="password" isRequired>
            <TextInput
              id="password"
              name="password"
              type="password"
              value={password}
              onChange={(_event, value) => setPassword(value)}
              autoComplete="current-password"
              isRequired
            />
          </FormGroup>
          {isAsked && <SecondProofFields value={proof} onChange={setProof} />}
          <ActionGroup>
            <Button type="submit" variant="primary" isBlock isLoading={busy} isDisabled={busy}>
              {t('signIn.action')}
            </Button>
          </ActionGroup>
        </Form>
        <p className="berth-quiet">{t('signIn.help')}</p>
      </div>
    </main>
  );
}
