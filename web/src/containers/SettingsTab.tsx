// SPDX-License-Identifier: Apache-2.0
import { ActionGroup, Button, Form } from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import type { Container, Operation } from '../api/types';
import { useFollow } from '../operations/follow';
import { ProblemAlert } from '../shared/ProblemAlert';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { limitsOf, sizeOf, SizeFields } from './SizeFields';

/** Another size, while it runs. */
export default function SettingsTab({ container }: { container: Container }) {
  const { tenant, name } = container;
  const [size, setSize] = useState(() => sizeOf(container.limits));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const follow = useFollow();
  const body = { limits: limitsOf(size) };
  const same = JSON.stringify(limitsOf(size)) === JSON.stringify(limitsOf(sizeOf(container.limits)));

  async function resize() {
    setBusy(true);
    setError(null);
    try {
      follow(
        (await ask(
          api.PATCH('/api/v1/tenants/{tenant}/containers/{container}', {
            params: { path: { tenant, container: name } },
            body,
          }),
        )) as Operation,
      );
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <h2 className="berth-subhead">{t('container.size')}</h2>
      <p>{t('settings.size.what')}</p>
      <Form
        className="berth-form"
        onSubmit={(event) => {
          event.preventDefault();
          void resize();
        }}
      >
        {error !== null && <ProblemAlert error={error} />}
        <SizeFields size={size} onChange={setSize} />
        <ActionGroup>
          <Button type="submit" variant="primary" isLoading={busy} isDisabled={busy || same}>
            {t('settings.size.action')}
          </Button>
        </ActionGroup>
      </Form>
      <SameAs lines={[[t('settings.size.action'), curl('PATCH', `/tenants/${tenant}/containers/${name}`, body)]]} />
    </>
  );
}
