// SPDX-License-Identifier: Apache-2.0
import { Checkbox, ExpandableSection, FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { addEndpoint } from '../api/webhooks';
import type { WebhookEndpoint } from '../api/types';
import { ActionForm } from '../shared/ActionForm';
import { t } from '../text';
import { isUrl, TOLD, wire, type EventType } from './types';

interface Properties {
  tenant: string | undefined;
  onMade: (endpoint: WebhookEndpoint) => void;
}

/** By default everything is told. */
export function NewEndpoint({ tenant, onMade }: Properties) {
  const [url, setUrl] = useState('');
  const [label, setLabel] = useState('');
  const [types, setTypes] = useState<EventType[]>([]);
  const [open, setOpen] = useState(false);
  const add = async () => {
    onMade(await addEndpoint(tenant, { url, types, ...(label === '' ? {} : { label }) }));
    setUrl('');
    setLabel('');
    setTypes([]);
  };
  return (
    <ActionForm action={t('webhooks.add')} variant="secondary" isReady={isUrl(url)} onSubmit={add}>
      <FormGroup label={t('webhooks.url')} fieldId="webhook-url" isRequired>
        <TextInput
          id="webhook-url"
          type="url"
          value={url}
          onChange={(_event, value) => setUrl(value)}
          placeholder="https://berth.example/told"
          autoComplete="off"
          isRequired
        />
      </FormGroup>
      <FormGroup label={t('webhooks.label')} fieldId="webhook-label">
        <TextInput id="webhook-label" value={label} onChange={(_event, value) => setLabel(value)} maxLength={100} autoComplete="off" />
      </FormGroup>
      <ExpandableSection toggleText={t('webhooks.some')} isExpanded={open} onToggle={(_event, expanded) => setOpen(expanded)}>
        <FormGroup role="group" label={t('webhooks.types')} fieldId="webhook-types">
          {TOLD.map((type) => (
            <Checkbox
              key={type}
              id={`webhook-${type}`}
              label={<code>{wire(type)}</code>}
              isChecked={types.includes(type)}
              onChange={(_event, on) => setTypes(on ? [...types, type] : types.filter((each) => each !== type))}
            />
          ))}
        </FormGroup>
      </ExpandableSection>
    </ActionForm>
  );
}
