// SPDX-License-Identifier: Apache-2.0
import { Button } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { authoritiesQuery } from '../api/sshPolicy';
import type { SshAuthority } from '../api/types';
import { ConfirmByName } from '../shared/ConfirmByName';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { AddAuthority } from './AddAuthority';

/** A tenant's own CAs: whoever holds one says who gets in. */
export function AuthoritiesTab({ tenant }: { tenant: string }) {
  const query = useQuery(authoritiesQuery(tenant));
  const queries = useQueryClient();
  const [doomed, setDoomed] = useState<SshAuthority>();
  const refresh = () => queries.invalidateQueries({ queryKey: ['ssh-authorities', tenant] });
  const path = `/tenants/${tenant}/ssh-authorities`;
  return (
    <>
      <p>{t('authorities.what')}</p>
      <AddAuthority tenant={tenant} onAdded={refresh} />
      <Loaded query={query}>
        {(authorities) =>
          authorities.length === 0 ? (
            <Empty title={t('authorities.none')}>{t('authorities.none.what')}</Empty>
          ) : (
            <List
              label={t('authorities.title')}
              items={authorities}
              keyOf={(authority) => authority.id}
              columns={[
                { title: t('authorities.name'), show: (authority) => authority.name },
                { title: t('authorities.fingerprint'), show: (authority) => <code className="berth-breaks">{authority.fingerprint}</code> },
                { title: t('authorities.principals'), show: (authority) => <code>{authority.principals.join(', ')}</code> },
                { title: t('authorities.by'), show: (authority) => authority.addedBy ?? t('account.gone') },
                { title: t('containers.created'), show: (authority) => <Moment at={authority.createdAt} /> },
                {
                  title: t('list.actions'),
                  show: (authority) => (
                    <Button
                      variant="link"
                      isDanger
                      onClick={() => setDoomed(authority)}
                      aria-label={t('authorities.remove.of', { name: authority.name })}
                    >
                      {t('authorities.remove')}
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
          [t('authorities.sign'), 'ssh-keygen -s ca -I me@laptop -n root+web -V +8h id_ed25519.pub'],
          [t('authorities.add'), curl('POST', path, { name: 'ops', publicKey: 'ssh-ed25519 AAAA…', principals: ['*+web'] })],
          [t('authorities.remove'), curl('DELETE', `${path}/AUTHORITY`)],
        ]}
      />
      {doomed !== undefined && (
        <ConfirmByName
          title={t('authorities.remove.of', { name: doomed.name })}
          name={doomed.name}
          action={t('authorities.remove')}
          onClose={() => setDoomed(undefined)}
          onConfirm={async () => {
            await ask(
              api.DELETE('/api/v1/tenants/{tenant}/ssh-authorities/{authority}', { params: { path: { tenant, authority: doomed.id } } }),
            );
            await refresh();
          }}
        >
          <p>{t('authorities.remove.body')}</p>
        </ConfirmByName>
      )}
    </>
  );
}
