// SPDX-License-Identifier: Apache-2.0
import { Button, Label } from '@patternfly/react-core';
import type { WebhookEndpoint } from '../api/types';
import { List } from '../shared/List';
import { Moment } from '../shared/Moment';
import { t } from '../text';
import { wire } from './types';

export type Act = 'show' | 'test' | 'rotate' | 'switch' | 'remove';
const ACTS: Act[] = ['show', 'test', 'rotate', 'switch', 'remove'];

interface Properties {
  endpoints: WebhookEndpoint[];
  onAct: (act: Act, endpoint: WebhookEndpoint) => void;
}

export function EndpointsList({ endpoints, onAct }: Properties) {
  return (
    <List
      label={t('webhooks.endpoints')}
      items={endpoints}
      keyOf={(endpoint) => endpoint.id}
      columns={[
        { title: t('webhooks.url'), show: (endpoint) => <Named endpoint={endpoint} /> },
        {
          title: t('webhooks.types'),
          show: (endpoint) => (endpoint.types.length === 0 ? t('webhooks.all') : endpoint.types.map(wire).join(', ')),
        },
        { title: t('webhooks.state'), show: (endpoint) => <State endpoint={endpoint} /> },
        { title: t('containers.created'), show: (endpoint) => <Moment at={endpoint.createdAt} /> },
        {
          title: t('list.actions'),
          show: (endpoint) =>
            ACTS.map((act) => (
              <Button
                key={act}
                variant="link"
                isDanger={act === 'remove'}
                onClick={() => onAct(act, endpoint)}
                aria-label={t('webhooks.act.of', { act: words(act, endpoint), url: endpoint.url })}
              >
                {words(act, endpoint)}
              </Button>
            )),
        },
      ]}
    />
  );
}

function words(act: Act, endpoint: WebhookEndpoint): string {
  return act === 'switch' ? t(endpoint.enabled ? 'webhooks.disable' : 'webhooks.enable') : t(`webhooks.act.${act}`);
}

function Named({ endpoint }: { endpoint: WebhookEndpoint }) {
  return (
    <>
      {endpoint.label !== null && <strong>{endpoint.label} </strong>}
      <code className="berth-breaks">{endpoint.url}</code>
    </>
  );
}

function State({ endpoint }: { endpoint: WebhookEndpoint }) {
  return (
    <>
      <Label isCompact color={endpoint.enabled ? 'green' : 'orange'}>
        {t(endpoint.enabled ? 'webhooks.enabled' : 'webhooks.disabled')}
      </Label>
      {endpoint.disabledBecause !== null && <p>{endpoint.disabledBecause}</p>}
    </>
  );
}
