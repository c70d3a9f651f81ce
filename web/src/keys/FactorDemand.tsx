// SPDX-License-Identifier: Apache-2.0
import { Switch } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { sshFactorQuery } from '../api/sshPolicy';
import { Loaded } from '../shared/Loaded';
import { ProblemAlert } from '../shared/ProblemAlert';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';

/** Whether a code is demanded beside the key; the platform says who may change it, and wants a fresh sign-in for it. */
export function FactorDemand({ tenant }: { tenant: string }) {
  const query = useQuery(sshFactorQuery(tenant));
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const demand = (required: boolean) => {
    setError(null);
    ask(api.PUT('/api/v1/tenants/{tenant}/ssh-second-factor', { params: { path: { tenant } }, body: { required } }))
      .then(() => queries.invalidateQueries({ queryKey: ['ssh-second-factor', tenant] }))
      .catch(setError);
  };
  return (
    <>
      <p>{t('sshFactor.what')}</p>
      {error !== null && <ProblemAlert error={error} />}
      <Loaded query={query}>
        {({ required }) => (
          <Switch id="ssh-factor-demanded" label={t('sshFactor.demand')} isChecked={required} onChange={(_event, on) => demand(on)} />
        )}
      </Loaded>
      <SameAs lines={[[t('sshFactor.demand'), curl('PUT', `/tenants/${tenant}/ssh-second-factor`, { required: true })]]} />
    </>
  );
}
