// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { attachVolume, detachVolume, volumesQuery } from '../api/volumes';
import type { Container, Volume } from '../api/types';
import { useFollow } from '../operations/follow';
import { ActionForm } from '../shared/ActionForm';
import { ConfirmByName } from '../shared/ConfirmByName';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { attachable } from '../volumes/attachable';

/** The volumes that a container has; it gets and loses them while it runs. */
export default function VolumesTab({ container }: { container: Container }) {
  const { tenant, name } = container;
  const [leaving, setLeaving] = useState<string>();
  const follow = useFollow();
  const query = useQuery(volumesQuery(tenant));
  const path = `/tenants/${tenant}/containers/${name}/volumes/data`;
  return (
    <>
      <Loaded query={query}>{(volumes) => <Attach container={container} volumes={volumes} />}</Loaded>
      {container.volumes.length === 0 ? (
        <Empty title={t('volumes.has.none')}>{t('volumes.none.what')}</Empty>
      ) : (
        <List
          label={t('volumes.title')}
          items={container.volumes}
          keyOf={(volume) => volume.id}
          columns={[
            { title: t('volumes.name'), show: (volume) => volume.name },
            { title: t('volumes.path'), show: (volume) => <code>{volume.path}</code> },
            { title: t('volumes.how'), show: (volume) => t(volume.readOnly ? 'volumes.reads' : 'volumes.writes') },
            {
              title: t('list.actions'),
              show: (volume) => (
                <Button
                  variant="link"
                  isDanger
                  onClick={() => setLeaving(volume.name)}
                  aria-label={t('volumes.detach.of', { name: volume.name })}
                >
                  {t('volumes.detach')}
                </Button>
              ),
            },
          ]}
        />
      )}
      <SameAs
        lines={[
          [t('volumes.attach'), curl('PUT', path, { path: '/srv/data', readOnly: false })],
          [t('volumes.detach'), curl('DELETE', path)],
        ]}
      />
      {leaving !== undefined && (
        <ConfirmByName
          title={t('volumes.detach.of', { name: leaving })}
          name={leaving}
          action={t('volumes.detach')}
          onClose={() => setLeaving(undefined)}
          onConfirm={async () => follow(await detachVolume({ tenant, container: name, volume: leaving }))}
        >
          <p>{t('volumes.detach.body')}</p>
        </ConfirmByName>
      )}
    </>
  );
}

function Attach({ container, volumes }: { container: Container; volumes: Volume[] }) {
  const { tenant, name } = container;
  const [chosen, setChosen] = useState('');
  const [path, setPath] = useState('');
  const [readOnly, setReadOnly] = useState(false);
  const follow = useFollow();
  const free = attachable(container, volumes);
  if (free.length === 0) {
    return (
      <p>
        <Link to="/t/$tenant/volumes" params={{ tenant }}>
          {t('volumes.makeOne')}
        </Link>
      </p>
    );
  }
  const volume = free.some((each) => each.name === chosen) ? chosen : (free[0]?.name ?? '');
  const attach = async () => {
    follow(await attachVolume({ tenant, container: name, volume }, { path, readOnly }));
    setPath('');
  };
  return (
    <ActionForm action={t('volumes.attach')} variant="secondary" isRow isReady={path.startsWith('/')} onSubmit={attach}>
      <FormGroup label={t('volumes.name')} fieldId="attach-volume">
        <FormSelect id="attach-volume" value={volume} onChange={(_event, value) => setChosen(value)}>
          {free.map((each) => (
            <FormSelectOption key={each.id} value={each.name} label={each.name} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label={t('volumes.path')} fieldId="attach-path" isRequired>
        <TextInput
          id="attach-path"
          value={path}
          onChange={(_event, value) => setPath(value)}
          placeholder="/srv/data"
          autoComplete="off"
          isRequired
        />
      </FormGroup>
      <Checkbox id="attach-read-only" label={t('volumes.readOnly')} isChecked={readOnly} onChange={(_event, value) => setReadOnly(value)} />
    </ActionForm>
  );
}
