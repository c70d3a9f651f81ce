// SPDX-License-Identifier: Apache-2.0
import { Switch } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { signInPolicyQuery } from '../api/queries';
import { Loaded } from '../shared/Loaded';
import { ProblemAlert } from '../shared/ProblemAlert';
import { t } from '../text';

/** What the tenant demands of its members; the platform says who may change it. */
export function SignInPolicySection({ tenant }: { tenant: string }) {
  const query = useQuery(signInPolicyQuery(tenant));
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const demand = (secondFactor: boolean) => {
    setError(null);
    ask(api.PUT('/api/v1/tenants/{tenant}/sign-in-policy', { params: { path: { tenant } }, body: { secondFactor } }))
      .then(() => queries.invalidateQueries({ queryKey: ['sign-in-policy', tenant] }))
      .catch(setError);
  };
  return (
    <section>
      <h2 className="berth-subhead">{t('signInPolicy.title')}</h2>
      <p>{t('signInPolicy.what')}</p>
      {error !== null && <ProblemAlert error={error} />}
      <Loaded query={query}>
        {({ secondFactor }) => (
          <Switch
            id="second-factor-demanded"
            label={t('signInPolicy.demand')}
            isChecked={secondFactor}
            onChange={(_event, on) => demand(on)}
          />
        )}
      </Loaded>
    </section>
  );
}
