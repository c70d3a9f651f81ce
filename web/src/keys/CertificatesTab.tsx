// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Alert, Button, Form, FormGroup, Label, TextArea } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { certificatesQuery } from '../api/queries';
import type { SshCertificate } from '../api/types';
import { Copyable } from '../shared/Copyable';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment, useNow } from '../shared/Moment';
import { ProblemAlert } from '../shared/ProblemAlert';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { isPrivate } from './publicKey';

/** Certificates: a key that is good for some hours and needs no removing. */
export function CertificatesTab({ tenant }: { tenant: string }) {
  const query = useQuery(certificatesQuery(tenant));
  const queries = useQueryClient();
  const toasts = useToasts();
  const now = useNow();
  const refresh = () => queries.invalidateQueries({ queryKey: ['ssh-certificates', tenant] });
  const revoke = (certificate: SshCertificate) => {
    ask(
      api.DELETE('/api/v1/tenants/{tenant}/ssh-certificates/{certificate}', {
        params: { path: { tenant, certificate: certificate.id } },
      }),
    ).then(refresh, toasts.failed);
  };
  const state = (certificate: SshCertificate) =>
    certificate.revokedAt !== null ? 'revoked' : new Date(certificate.validBefore) < now ? 'expired' : 'valid';
  return (
    <>
      <Issue tenant={tenant} onIssued={() => void refresh()} />
      <Loaded query={query}>
        {(certificates) =>
          certificates.length === 0 ? (
            <Empty title={t('certificates.none')}>{t('certificates.none.what')}</Empty>
          ) : (
            <List
              label={t('certificates.title')}
              items={certificates}
              keyOf={(certificate) => certificate.id}
              columns={[
                { title: t('certificates.keyId'), show: (certificate) => certificate.keyId },
                {
                  title: t('certificates.state'),
                  show: (certificate) => (
                    <Label isCompact color={state(certificate) === 'valid' ? 'green' : 'grey'}>
                      {t(`certificates.${state(certificate)}`)}
                    </Label>
                  ),
                },
                { title: t('certificates.principals'), show: (certificate) => certificate.principals.join(', ') },
                { title: t('certificates.until'), show: (certificate) => <Moment at={certificate.validBefore} /> },
                {
                  title: t('list.actions'),
                  show: (certificate) =>
                    state(certificate) === 'valid' && (
                      <Button
                        variant="link"
                        isDanger
                        isInline
                        onClick={() => revoke(certificate)}
                        aria-label={t('certificates.revoke.of', { name: certificate.keyId })}
                      >
                        {t('certificates.revoke')}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <SameAs
        lines={[
          [t('certificates.issue'), curl('POST', `/tenants/${tenant}/ssh-certificates`, { publicKey: 'ssh-ed25519 AAAA…' })],
          [t('certificates.authority'), curl('GET', '/ssh-certificate-authority')],
        ]}
      />
    </>
  );
}

function Issue({ tenant, onIssued }: { tenant: string; onIssued: () => void }) {
  const [line, setLine] = useState('');
  const [issued, setIssued] = useState<SshCertificate>();
  const [error, setError] = useState<unknown>(null);
  const issue = () => {
    setError(null);
    ask(
      api.POST('/api/v1/tenants/{tenant}/ssh-certificates', {
        params: { path: { tenant } },
        body: { publicKey: line.trim() },
      }),
    ).then(
      (answer) => {
        setIssued(answer as SshCertificate);
        onIssued();
      },
      (failure: unknown) => setError(failure),
    );
  };
  return (
    <>
      <Form
        className="berth-form"
        onSubmit={(event) => {
          event.preventDefault();
          issue();
        }}
      >
        {error !== null && <ProblemAlert error={error} />}
        <FormGroup label={t('keys.publicKey')} fieldId="certificate-key" isRequired>
          <TextArea
            id="certificate-key"
            value={line}
            onChange={(_event, value) => setLine(value)}
            validated={isPrivate(line) ? 'error' : 'default'}
            placeholder="ssh-ed25519 AAAA…"
            spellCheck={false}
            resizeOrientation="vertical"
          />
          {isPrivate(line) && <p>{t('keys.private')}</p>}
        </FormGroup>
        <ActionGroup>
          <Button type="submit" variant="primary" isDisabled={line.trim() === '' || isPrivate(line)}>
            {t('certificates.issue')}
          </Button>
        </ActionGroup>
      </Form>
      {issued !== undefined && (
        <Alert isInline variant="success" title={t('certificates.issued')}>
          <p>{t('certificates.issued.how')}</p>
          <Copyable text={issued.certificate} label={t('certificates.one')} />
        </Alert>
      )}
    </>
  );
}
