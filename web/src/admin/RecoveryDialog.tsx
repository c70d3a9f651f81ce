// SPDX-License-Identifier: Apache-2.0
import { Alert, Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ActionForm } from '../shared/ActionForm';
import { Copyable } from '../shared/Copyable';
import { Dialog } from '../shared/Dialog';
import { t } from '../text';

/** The way back for somebody who lost the password: the operator hands it on and never knows the new one. */
export function RecoveryDialog({ user, onClose }: { user: string; onClose: () => void }) {
  const [secondFactors, setSecondFactors] = useState(false);
  const [path, setPath] = useState<string>();
  const make = async () => {
    const link = await ask(
      api.POST('/api/v1/users/{user}/recovery-link', { params: { path: { user } }, body: { secondFactors } }),
    );
    setPath(link.path);
  };
  return (
    <Dialog title={t('users.recover.of', { user })} onClose={onClose}>
      {path === undefined ? (
        <>
          <p>{t('users.recover.what')}</p>
          <ActionForm action={t('users.recover.action')} onSubmit={make}>
            <Checkbox
              id="recover-factors"
              label={t('users.recover.factors')}
              isChecked={secondFactors}
              onChange={(_event, on) => setSecondFactors(on)}
            />
          </ActionForm>
        </>
      ) : (
        <Alert isInline variant="success" title={t('users.recover.once', { user })}>
          <Copyable text={window.location.origin + path} label={t('users.recover')} />
        </Alert>
      )}
    </Dialog>
  );
}
