// SPDX-License-Identifier: Apache-2.0
import { FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import type { Container, Operation, Snapshot } from '../api/types';
import { useFollow } from '../operations/follow';
import { ActionForm } from '../shared/ActionForm';
import { ConfirmByName } from '../shared/ConfirmByName';
import { Dialog } from '../shared/Dialog';
import { t } from '../text';
import { isName } from './name';
import { copySnapshot, deleteSnapshot, restoreSnapshot } from './snapshots';

export interface Asked {
  what: 'restore' | 'copy' | 'delete';
  snapshot: Snapshot;
}

interface Properties {
  container: Container;
  asked: Asked;
  onClose: () => void;
}

/** Asks before a snapshot is used. What destroys wants the name of what is destroyed: the container's files, or the snapshot. */
export function SnapshotDialog({ container, asked: { what, snapshot }, onClose }: Properties) {
  const follow = useFollow();
  const path = { tenant: container.tenant, container: container.name };
  const title = t(`snapshots.${what}.of`, { name: snapshot.name });
  if (what === 'copy') {
    return (
      <Dialog title={title} onClose={onClose}>
        <NewName
          onName={async (name) => {
            follow(await copySnapshot(path, snapshot, name));
            onClose();
          }}
        />
      </Dialog>
    );
  }
  const act = (): Promise<Operation> => (what === 'restore' ? restoreSnapshot(path, snapshot) : deleteSnapshot(path, snapshot));
  return (
    <ConfirmByName
      title={title}
      name={what === 'restore' ? container.name : snapshot.name}
      action={t(`snapshots.${what}`)}
      onClose={onClose}
      onConfirm={async () => follow(await act())}
    >
      <p>{t(`snapshots.${what}.body`, { name: container.name })}</p>
    </ConfirmByName>
  );
}

function NewName({ onName }: { onName: (name: string) => Promise<void> }) {
  const [name, setName] = useState('');
  return (
    <ActionForm action={t('newContainer.action')} isReady={isName(name)} onSubmit={() => onName(name)}>
      <p>{t('snapshots.copy.body')}</p>
      <FormGroup label={t('snapshots.copy.name')} fieldId="copy-name" isRequired>
        <TextInput id="copy-name" value={name} onChange={(_event, value) => setName(value)} autoComplete="off" isRequired autoFocus />
      </FormGroup>
    </ActionForm>
  );
}
