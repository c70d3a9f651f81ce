// SPDX-License-Identifier: Apache-2.0
import { Button, FormGroup, FormSelect, FormSelectOption, Label, TextInput } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { portsQuery } from '../api/ports';
import type { Container, PublishedPort } from '../api/types';
import { useFollow } from '../operations/follow';
import { ActionForm } from '../shared/ActionForm';
import { Dialog } from '../shared/Dialog';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { isPort, keyOf, publish, unpublish, type Wanted } from './ports';

const PROTOCOLS: PublishedPort['protocol'][] = ['TCP', 'UDP'];
const NOTHING: Wanted = { protocol: 'TCP', containerPort: '', hostPort: '' };

/** Ports of the node that lead here. */
export default function PortsTab({ container }: { container: Container }) {
  const { tenant, name } = container;
  const query = useQuery(portsQuery(tenant, name));
  const [closing, setClosing] = useState<PublishedPort>();
  const follow = useFollow();
  const path = `/tenants/${tenant}/containers/${name}/ports`;
  return (
    <>
      <Publish tenant={tenant} container={name} />
      <Loaded query={query}>
        {(ports) =>
          ports.length === 0 ? (
            <Empty title={t('ports.none')}>{t('ports.none.what')}</Empty>
          ) : (
            <List
              label={t('ports.title')}
              items={ports}
              keyOf={keyOf}
              columns={[
                { title: t('ports.host'), show: (port) => `${port.hostPort}/${port.protocol.toLowerCase()}` },
                { title: t('ports.container'), show: (port) => port.containerPort },
                { title: t('ports.state'), show: (port) => <State port={port} /> },
                {
                  title: t('list.actions'),
                  show: (port) =>
                    port.state === 'OPEN' && (
                      <Button
                        variant="link"
                        isDanger
                        onClick={() => setClosing(port)}
                        aria-label={t('ports.close.of', { port: keyOf(port) })}
                      >
                        {t('ports.close')}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <SameAs
        lines={[
          [t('ports.publish'), curl('POST', path, { containerPort: 80 })],
          [t('ports.close'), curl('DELETE', `${path}/tcp-20080`)],
        ]}
      />
      {closing !== undefined && (
        <Dialog title={t('ports.close.of', { port: keyOf(closing) })} onClose={() => setClosing(undefined)}>
          <ActionForm
            action={t('ports.close')}
            variant="danger"
            onSubmit={async () => {
              follow(await unpublish({ tenant, container: name }, closing));
              setClosing(undefined);
            }}
          >
            <p>{t('ports.close.body')}</p>
          </ActionForm>
        </Dialog>
      )}
    </>
  );
}

function State({ port }: { port: PublishedPort }) {
  return (
    <Label isCompact color={port.state === 'OPEN' ? 'green' : 'blue'}>
      {t(`ports.state.${port.state}`)}
    </Label>
  );
}

function Publish({ tenant, container }: { tenant: string; container: string }) {
  const [wanted, setWanted] = useState(NOTHING);
  const follow = useFollow();
  const isReady = isPort(wanted.containerPort) && (wanted.hostPort.trim() === '' || isPort(wanted.hostPort));
  const act = async () => {
    follow(await publish({ tenant, container }, wanted));
    setWanted(NOTHING);
  };
  return (
    <ActionForm action={t('ports.publish')} variant="secondary" isRow isReady={isReady} onSubmit={act}>
      <FormGroup label={t('ports.container')} fieldId="container-port">
        <TextInput
          id="container-port"
          value={wanted.containerPort}
          onChange={(_event, containerPort) => setWanted({ ...wanted, containerPort })}
          inputMode="numeric"
          autoComplete="off"
        />
      </FormGroup>
      <FormGroup label={t('ports.protocol')} fieldId="port-protocol">
        <FormSelect
          id="port-protocol"
          value={wanted.protocol}
          onChange={(_event, protocol) => setWanted({ ...wanted, protocol: protocol as Wanted['protocol'] })}
        >
          {PROTOCOLS.map((protocol) => (
            <FormSelectOption key={protocol} value={protocol} label={protocol} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label={t('ports.host')} fieldId="host-port">
        <TextInput
          id="host-port"
          value={wanted.hostPort}
          onChange={(_event, hostPort) => setWanted({ ...wanted, hostPort })}
          placeholder={t('ports.host.any')}
          inputMode="numeric"
          autoComplete="off"
        />
      </FormGroup>
    </ActionForm>
  );
}
