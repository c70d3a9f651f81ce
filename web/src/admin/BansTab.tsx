// SPDX-License-Identifier: Apache-2.0
import { Button, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { bansQuery } from '../api/sshPolicy';
import type { SshBan } from '../api/types';
import { ActionForm } from '../shared/ActionForm';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { endOf, TIMES } from './banTimes';

/** Networks that no gateway listens to. */
export function BansTab() {
  const query = useQuery(bansQuery);
  const queries = useQueryClient();
  const toasts = useToasts();
  const refresh = () => queries.invalidateQueries({ queryKey: ['ssh-bans'] });
  const lift = (ban: SshBan) =>
    void ask(api.DELETE('/api/v1/ssh-bans/{ban}', { params: { path: { ban: ban.id } } })).then(refresh, toasts.failed);
  return (
    <>
      <p>{t('bans.what')}</p>
      <NewBan onMade={refresh} />
      <Loaded query={query}>
        {(bans) =>
          bans.length === 0 ? (
            <Empty title={t('bans.none')}>{t('bans.none.what')}</Empty>
          ) : (
            <List
              label={t('security.bans')}
              items={bans}
              keyOf={(ban) => ban.id}
              columns={[
                { title: t('bans.network'), show: (ban) => <code>{ban.network}</code> },
                { title: t('grants.reason'), show: (ban) => ban.reason },
                { title: t('grants.by'), show: (ban) => ban.bannedBy ?? t('account.gone') },
                { title: t('containers.created'), show: (ban) => <Moment at={ban.createdAt} /> },
                { title: t('bans.until'), show: (ban) => (ban.expiresAt === null ? t('bans.lifted') : <Moment at={ban.expiresAt} />) },
                {
                  title: t('list.actions'),
                  show: (ban) => (
                    <Button variant="link" onClick={() => lift(ban)} aria-label={t('bans.lift.of', { network: ban.network })}>
                      {t('bans.lift')}
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
          [t('bans.add'), curl('POST', '/ssh-bans', { network: '192.0.2.0/24', reason: 'guesses keys all day' })],
          [t('bans.lift'), curl('DELETE', '/ssh-bans/BAN')],
        ]}
      />
    </>
  );
}

function NewBan({ onMade }: { onMade: () => Promise<unknown> }) {
  const [network, setNetwork] = useState('');
  const [reason, setReason] = useState('');
  const [time, setTime] = useState('day');
  const ban = async () => {
    await ask(api.POST('/api/v1/ssh-bans', { body: { network: network.trim(), reason, ...endOf(time, Date.now()) } }));
    setNetwork('');
    setReason('');
    await onMade();
  };
  return (
    <ActionForm action={t('bans.add')} variant="warning" isRow isReady={network.trim() !== '' && reason !== ''} onSubmit={ban}>
      <FormGroup label={t('bans.network')} fieldId="ban-network" isRequired>
        <TextInput id="ban-network" value={network} onChange={(_event, value) => setNetwork(value)} placeholder="192.0.2.0/24" maxLength={64} autoComplete="off" isRequired />
      </FormGroup>
      <FormGroup label={t('grants.reason')} fieldId="ban-reason" isRequired>
        <TextInput id="ban-reason" value={reason} onChange={(_event, value) => setReason(value)} maxLength={200} isRequired />
      </FormGroup>
      <FormGroup label={t('bans.until')} fieldId="ban-time">
        <FormSelect id="ban-time" value={time} onChange={(_event, value) => setTime(value)}>
          {TIMES.map((each) => (
            <FormSelectOption key={each} value={each} label={t(`bans.time.${each}`)} />
          ))}
        </FormSelect>
      </FormGroup>
    </ActionForm>
  );
}
