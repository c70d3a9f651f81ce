// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { resizeVolume } from '../api/volumes';
import type { Volume } from '../api/types';
import { useFollow } from '../operations/follow';
import { ActionForm } from '../shared/ActionForm';
import { Dialog } from '../shared/Dialog';
import { t } from '../text';
import { GibField } from './GibField';
import { bytesOf, gibOf } from './size';

/** Another size, at once, whoever has it. */
export function ResizeVolume({ volume, onClose }: { volume: Volume; onClose: () => void }) {
  const [gib, setGib] = useState(() => gibOf(volume.diskBytes));
  const follow = useFollow();
  return (
    <Dialog title={t('volumes.resize.of', { name: volume.name })} onClose={onClose}>
      <ActionForm
        action={t('volumes.resize')}
        isReady={bytesOf(gib) !== volume.diskBytes}
        onSubmit={async () => {
          follow(await resizeVolume(volume, bytesOf(gib)));
          onClose();
        }}
      >
        <GibField gib={gib} onChange={setGib} />
      </ActionForm>
    </Dialog>
  );
}
