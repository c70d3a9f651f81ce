// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, Form, FormGroup, TextInput } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { patchesQuery } from '../api/queries';
import type { VirtualPatch } from '../api/types';
import { ConfirmByName } from '../shared/ConfirmByName';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { ProblemAlert } from '../shared/ProblemAlert';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';

/** A system call that no container gets while its flaw in the kernel is not mended. */
export function PatchesTab() {
  const query = useQuery(patchesQuery);
  const queries = useQueryClient();
  const [removing, setRemoving] = useState<VirtualPatch>();
  const refresh = () => queries.invalidateQueries({ queryKey: ['patches'] });
  return (
    <>
      <p>{t('patches.what')}</p>
      <NewPatch onMade={() => void refresh()} />
      <Loaded query={query}>
        {(patches) =>
          patches.length === 0 ? (
            <Empty title={t('patches.none')}>{t('patches.none.what')}</Empty>
          ) : (
            <List
              label={t('security.patches')}
              items={patches}
              keyOf={(patch) => patch.call}
              columns={[
                { title: t('denials.call'), show: (patch) => <code>{patch.call}</code> },
                { title: t('grants.reason'), show: (patch) => patch.reason },
                { title: t('grants.by'), show: (patch) => patch.addedBy ?? t('account.gone') },
                { title: t('patches.added'), show: (patch) => <Moment at={patch.addedAt} /> },
                {
                  title: t('patches.nodes'),
                  show: (patch) =>
                    patch.nodes
                      .map((on) => {
                        const trouble = on.trouble as string | null;
                        return `${on.node}: ${trouble ?? ((on.appliedAt as string | null) === null ? t('patches.pending') : t('patches.applied'))}`;
                      })
                      .join('; '),
                },
                {
                  title: t('list.actions'),
                  show: (patch) => (
                    <Button
                      variant="link"
                      isDanger
                      isInline
                      onClick={() => setRemoving(patch)}
                      aria-label={t('patches.remove.of', { call: patch.call })}
                    >
                      {t('patches.remove')}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {removing !== undefined && (
        <ConfirmByName
          title={t('patches.remove.of', { call: removing.call })}
          name={removing.call}
          action={t('patches.remove')}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await ask(api.DELETE('/api/v1/patches/{call}', { params: { path: { call: removing.call } } }));
            await refresh();
          }}
        >
          <p>{t('patches.remove.body')}</p>
        </ConfirmByName>
      )}
      <SameAs
        lines={[
          [t('patches.add'), curl('PUT', '/patches/io_uring_setup', { reason: 'CVE-…' })],
          [t('patches.node'), './berth patch add io_uring_setup'],
        ]}
      />
    </>
  );
}

function NewPatch({ onMade }: { onMade: () => void }) {
  const [call, setCall] = useState('');
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const make = () => {
    setError(null);
    ask(api.PUT('/api/v1/patches/{call}', { params: { path: { call } }, body: { reason } })).then(
      () => {
        setCall('');
        setReason('');
        onMade();
      },
      (failure: unknown) => setError(failure),
    );
  };
  return (
    <Form
      className="berth-form berth-form-row"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      {error !== null && <ProblemAlert error={error} />}
      <FormGroup label={t('denials.call')} fieldId="patch-call" isRequired>
        <TextInput id="patch-call" value={call} onChange={(_event, value) => setCall(value)} placeholder="io_uring_setup" autoComplete="off" isRequired />
      </FormGroup>
      <FormGroup label={t('grants.reason')} fieldId="patch-reason" isRequired>
        <TextInput id="patch-reason" value={reason} onChange={(_event, value) => setReason(value)} isRequired />
      </FormGroup>
      <ActionGroup>
        <Button type="submit" variant="warning" isDisabled={call === '' || reason === ''}>
          {t('patches.add')}
        </Button>
      </ActionGroup>
    </Form>
  );
}
