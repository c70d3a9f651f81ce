// SPDX-License-Identifier: Apache-2.0
import { Button, LabelGroup, Label } from '@patternfly/react-core';
import { KeyIcon } from '@patternfly/react-icons/dist/esm/icons/key-icon';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { keysQuery } from '../api/queries';
import type { SshKey } from '../api/types';
import { ConfirmByName } from '../shared/ConfirmByName';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { AddKey } from './AddKey';
import { limitations } from './limitations';

export function KeysTab({ tenant }: { tenant: string }) {
  const query = useQuery(keysQuery(tenant));
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState<SshKey>();
  const refresh = () => queries.invalidateQueries({ queryKey: ['ssh-keys', tenant] });
  return (
    <>
      <AddKey tenant={tenant} onAdded={() => void refresh()} />
      <Loaded query={query}>
        {(keys) =>
          keys.length === 0 ? (
            <Empty title={t('keys.none')} icon={KeyIcon}>
              <p>{t('keys.none.what')}</p>
              <p>
                <code>ssh-keygen -t ed25519</code>
              </p>
              <p>{t('keys.none.how')}</p>
            </Empty>
          ) : (
            <List
              label={t('keys.title')}
              items={keys}
              keyOf={(key) => key.id}
              columns={[
                { title: t('keys.name'), show: (key) => key.name },
                { title: t('keys.fingerprint'), show: (key) => <code className="berth-break">{`${key.type} ${key.fingerprint}`}</code> },
                { title: t('keys.limits'), show: (key) => <Limits sshKey={key} /> },
                { title: t('keys.used'), show: (key) => <Moment at={key.lastUsedAt} /> },
                {
                  title: t('list.actions'),
                  show: (key) => (
                    <Button variant="link" isDanger isInline onClick={() => setDeleting(key)} aria-label={t('keys.delete.of', { name: key.name })}>
                      {t('verb.delete')}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {deleting !== undefined && (
        <ConfirmByName
          title={t('keys.delete.of', { name: deleting.name })}
          name={deleting.name}
          action={t('verb.delete')}
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await ask(api.DELETE('/api/v1/tenants/{tenant}/ssh-keys/{key}', { params: { path: { tenant, key: deleting.id } } }));
            await refresh();
          }}
        >
          <p>{t('keys.delete.body')}</p>
        </ConfirmByName>
      )}
      <SameAs
        lines={[
          [t('keys.title'), curl('GET', `/tenants/${tenant}/ssh-keys`)],
          [
            t('keys.add'),
            curl('POST', `/tenants/${tenant}/ssh-keys`, { name: 'laptop', publicKey: 'ssh-ed25519 AAAA… me@laptop' }),
          ],
        ]}
      />
    </>
  );
}

function Limits({ sshKey }: { sshKey: SshKey }) {
  const limits = limitations(sshKey.options);
  return limits.length === 0 ? (
    <span>{t('keys.unlimited')}</span>
  ) : (
    <LabelGroup numLabels={4} aria-label={t('keys.limits')}>
      {limits.map((limit) => (
        <Label key={limit} isCompact variant="outline">
          {limit}
        </Label>
      ))}
    </LabelGroup>
  );
}
