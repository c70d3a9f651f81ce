// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Label } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { tokensQuery } from '../api/queries';
import type { Token } from '../api/types';
import { Copyable } from '../shared/Copyable';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment, useNow } from '../shared/Moment';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { NewToken } from './NewToken';

export function TokensSection() {
  const query = useQuery(tokensQuery);
  const queries = useQueryClient();
  const toasts = useToasts();
  const now = useNow();
  const [made, setMade] = useState<Token>();
  const refresh = () => queries.invalidateQueries({ queryKey: ['tokens'] });
  const revoke = (token: Token) => {
    ask(api.DELETE('/api/v1/tokens/{token}', { params: { path: { token: token.id } } })).then(refresh, toasts.failed);
  };
  const state = (token: Token) =>
    token.revokedAt !== null ? 'revoked' : token.expiresAt !== null && new Date(token.expiresAt) < now ? 'expired' : 'valid';
  return (
    <>
      <h2 className="berth-subhead">{t('tokens.title')}</h2>
      <p>{t('tokens.what')}</p>
      <NewToken
        onMade={(token) => {
          setMade(token);
          void refresh();
        }}
      />
      {made?.token && (
        <Alert isInline variant="success" title={t('tokens.made', { name: made.name })}>
          <p>{t('tokens.made.once')}</p>
          <Copyable text={`export BERTH_TOKEN=${made.token}`} label={t('tokens.secret')} />
        </Alert>
      )}
      <Loaded query={query}>
        {(tokens) =>
          tokens.length === 0 ? (
            <Empty title={t('tokens.none')}>{t('tokens.none.what')}</Empty>
          ) : (
            <List
              label={t('tokens.title')}
              items={tokens}
              keyOf={(token) => token.id}
              columns={[
                { title: t('tokens.name'), show: (token) => token.name },
                { title: t('tokens.prefix'), show: (token) => <code>{token.prefix}…</code> },
                { title: t('tokens.scopes'), show: (token) => token.scopes.map((scope) => t(`scope.${scope}`)).join(', ') },
                { title: t('tenant.one'), show: (token) => token.tenant ?? t('tokens.allTenants') },
                {
                  title: t('tokens.state'),
                  show: (token) => (
                    <Label isCompact color={state(token) === 'valid' ? 'green' : 'grey'}>
                      {t(`certificates.${state(token)}`)}
                    </Label>
                  ),
                },
                { title: t('tokens.until'), show: (token) => (token.expiresAt === null ? t('tokens.noEnd') : <Moment at={token.expiresAt} />) },
                { title: t('keys.used'), show: (token) => <Moment at={token.lastUsedAt} /> },
                {
                  title: t('list.actions'),
                  show: (token) =>
                    state(token) === 'valid' && (
                      <Button
                        variant="link"
                        isDanger
                        isInline
                        onClick={() => revoke(token)}
                        aria-label={t('tokens.revoke.of', { name: token.name })}
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
    </>
  );
}
