// SPDX-License-Identifier: Apache-2.0
import { PageSection } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { changeEndpoint, endpointsQuery, removeEndpoint, rotateSecret, tryEndpoint } from '../api/webhooks';
import type { WebhookEndpoint } from '../api/types';
import { ConfirmByName } from '../shared/ConfirmByName';
import { Copyable } from '../shared/Copyable';
import { Dialog } from '../shared/Dialog';
import { Empty } from '../shared/Empty';
import { Loaded } from '../shared/Loaded';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { Deliveries } from './Deliveries';
import { EndpointsList, type Act } from './EndpointsList';
import { NewEndpoint } from './NewEndpoint';

/** Who else is told what happens: in a tenant, or for operators in all of them. */
export default function WebhooksPage() {
  const { tenant } = useParams({ strict: false });
  const { endpoint: chosen } = useSearch({ strict: false });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const toasts = useToasts();
  const query = useQuery(endpointsQuery(tenant));
  const [secret, setSecret] = useState<WebhookEndpoint>();
  const [doomed, setDoomed] = useState<WebhookEndpoint>();
  const path = tenant === undefined ? '/webhook-endpoints' : `/tenants/${tenant}/webhook-endpoints`;
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: ['webhook-endpoints'] });
    await queries.invalidateQueries({ queryKey: ['webhook-deliveries'] });
  };
  const show = (endpoint: string) =>
    void (tenant === undefined
      ? navigate({ to: '/admin/webhooks', search: { endpoint } })
      : navigate({ to: '/t/$tenant/webhooks', params: { tenant }, search: { endpoint } }));
  const reveal = (made: WebhookEndpoint) => {
    setSecret(made);
    void refresh();
  };
  const act = (what: Act, endpoint: WebhookEndpoint) => {
    switch (what) {
      case 'show':
        show(endpoint.id);
        return;
      case 'remove':
        setDoomed(endpoint);
        return;
      case 'rotate':
        return void rotateSecret(tenant, endpoint.id).then(reveal, toasts.failed);
      case 'switch':
        return void changeEndpoint(tenant, endpoint, !endpoint.enabled).then(refresh, toasts.failed);
      case 'test':
        return void tryEndpoint(tenant, endpoint.id).then(() => {
          show(endpoint.id);
          return refresh();
        }, toasts.failed);
    }
  };
  return (
    <>
      <PageHead title={tenant === undefined ? t('webhooks.every') : t('webhooks.title')} intro={t('webhooks.intro')} />
      <PageSection hasBodyWrapper={false} isFilled className="berth-tab">
        <NewEndpoint tenant={tenant} onMade={reveal} />
        <Loaded query={query}>
          {(endpoints) => {
            const shown = endpoints.find((each) => each.id === chosen);
            return endpoints.length === 0 ? (
              <Empty title={t('webhooks.none')}>{t('webhooks.none.what')}</Empty>
            ) : (
              <>
                <EndpointsList endpoints={endpoints} onAct={act} />
                {shown !== undefined && <Deliveries tenant={tenant} endpoint={shown} />}
              </>
            );
          }}
        </Loaded>
        <SameAs
          lines={[
            [t('webhooks.add'), curl('POST', path, { url: 'https://berth.example/told', types: ['CONTAINER_STATE_CHANGED'] })],
            [t('webhooks.act.rotate'), curl('POST', `${path}/ENDPOINT/rotation`)],
            [t('webhooks.replay'), curl('POST', `${path}/ENDPOINT/deliveries/MESSAGE/replay`)],
          ]}
        />
      </PageSection>
      {secret !== undefined && (
        <Dialog title={t('webhooks.secret')} onClose={() => setSecret(undefined)}>
          <p>{t('webhooks.secret.what')}</p>
          <Copyable text={secret.secret ?? ''} label={t('webhooks.secret')} />
        </Dialog>
      )}
      {doomed !== undefined && (
        <ConfirmByName
          title={t('webhooks.remove.of', { url: doomed.url })}
          name={doomed.label ?? doomed.url}
          action={t('webhooks.act.remove')}
          onClose={() => setDoomed(undefined)}
          onConfirm={async () => {
            await removeEndpoint(tenant, doomed.id);
            await refresh();
          }}
        >
          <p>{t('webhooks.remove.body')}</p>
        </ConfirmByName>
      )}
    </>
  );
}
