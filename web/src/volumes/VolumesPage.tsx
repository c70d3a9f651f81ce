// SPDX-License-Identifier: Apache-2.0
import { Button, FormGroup, Label, PageSection, TextInput } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteVolume, makeVolume, volumesQuery, volumeUsageQuery } from '../api/volumes';
import type { Volume } from '../api/types';
import { isName } from '../containers/name';
import { useFollow } from '../operations/follow';
import { ActionForm } from '../shared/ActionForm';
import { ConfirmByName } from '../shared/ConfirmByName';
import { Empty } from '../shared/Empty';
import { bytes } from '../shared/format';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { GibField } from './GibField';
import { ResizeVolume } from './ResizeVolume';
import { bytesOf } from './size';

const route = getRouteApi('/shell/t/$tenant/volumes');

/** Files that outlive containers, and that several may have at once. */
export default function VolumesPage() {
  const { tenant } = route.useParams();
  const query = useQuery(volumesQuery(tenant));
  const [resized, setResized] = useState<Volume>();
  const [doomed, setDoomed] = useState<Volume>();
  const path = `/tenants/${tenant}/volumes`;
  return (
    <>
      <PageHead title={t('volumes.title')} intro={t('volumes.intro')} />
      <PageSection hasBodyWrapper={false} isFilled className="berth-tab">
        <NewVolume tenant={tenant} />
        <Loaded query={query}>
          {(volumes) =>
            volumes.length === 0 ? (
              <Empty title={t('volumes.none')}>{t('volumes.none.what')}</Empty>
            ) : (
              <Volumes volumes={volumes} onResize={setResized} onDelete={setDoomed} />
            )
          }
        </Loaded>
        <SameAs
          lines={[
            [t('volumes.make'), curl('POST', path, { name: 'data', diskBytes: 1_073_741_824 })],
            [t('volumes.resize'), curl('PATCH', `${path}/data`, { diskBytes: 2_147_483_648 })],
          [t('volumes.delete'), curl('DELETE', `${path}/data`)],
          ]}
        />
        {resized !== undefined && <ResizeVolume volume={resized} onClose={() => setResized(undefined)} />}
        {doomed !== undefined && <Deletion volume={doomed} onClose={() => setDoomed(undefined)} />}
      </PageSection>
    </>
  );
}

function NewVolume({ tenant }: { tenant: string }) {
  const [name, setName] = useState('');
  const [gib, setGib] = useState(1);
  const follow = useFollow();
  const make = async () => {
    follow(await makeVolume(tenant, name, bytesOf(gib)));
    setName('');
  };
  return (
    <ActionForm action={t('volumes.make')} variant="secondary" isRow isReady={isName(name)} onSubmit={make}>
      <FormGroup label={t('volumes.name')} fieldId="volume-name" isRequired>
        <TextInput id="volume-name" value={name} onChange={(_event, value) => setName(value)} autoComplete="off" isRequired />
      </FormGroup>
      <GibField gib={gib} onChange={setGib} />
    </ActionForm>
  );
}

interface Properties {
  volumes: Volume[];
  onResize: (volume: Volume) => void;
  onDelete: (volume: Volume) => void;
}

function Volumes({ volumes, onResize, onDelete }: Properties) {
  return (
    <List
      label={t('volumes.title')}
      items={volumes}
      keyOf={(volume) => volume.id}
      columns={[
        { title: t('volumes.name'), show: (volume) => <Named volume={volume} /> },
        { title: t('volumes.used'), show: (volume) => <Used volume={volume} /> },
        { title: t('volumes.containers'), show: (volume) => <Having volume={volume} /> },
        {
          title: t('list.actions'),
          show: (volume) =>
            volume.state === 'READY' && (
              <>
                <Button variant="link" onClick={() => onResize(volume)} aria-label={t('volumes.resize.of', { name: volume.name })}>
                  {t('volumes.resize')}
                </Button>
                <Button
                  variant="link"
                  isDanger
                  isDisabled={volume.containers.length > 0}
                  onClick={() => onDelete(volume)}
                  aria-label={t('volumes.delete.of', { name: volume.name })}
                >
                  {t('volumes.delete')}
                </Button>
              </>
            ),
        },
      ]}
    />
  );
}

function Named({ volume }: { volume: Volume }) {
  return (
    <>
      {volume.name}{' '}
      {volume.state !== 'READY' && (
        <Label isCompact color="blue">
          {t(`volumes.state.${volume.state}`)}
        </Label>
      )}
      {volume.lastError !== null && <p>{volume.lastError}</p>}
    </>
  );
}

function Used({ volume }: { volume: Volume }) {
  const { data } = useQuery(volumeUsageQuery(volume.tenant));
  const usage = data?.get(volume.id);
  const all = bytes(volume.diskBytes);
  if (usage?.bytes == null) {
    return all;
  }
  return t(usage.limited ? 'volumes.usedOf' : 'volumes.usedOf.unlimited', { used: bytes(usage.bytes), all });
}

function Having({ volume }: { volume: Volume }) {
  if (volume.containers.length === 0) {
    return t('volumes.nobody');
  }
  return volume.containers.map((container) => (
    <p key={container.id}>
      <Link
        to="/t/$tenant/containers/$container"
        params={{ tenant: volume.tenant, container: container.name }}
        search={{ tab: 'volumes' }}
      >
        {container.name}
      </Link>{' '}
      {container.path} {container.readOnly && t('volumes.readOnly.mark')}
    </p>
  ));
}

function Deletion({ volume, onClose }: { volume: Volume; onClose: () => void }) {
  const follow = useFollow();
  return (
    <ConfirmByName
      title={t('volumes.delete.of', { name: volume.name })}
      name={volume.name}
      action={t('volumes.delete')}
      onClose={onClose}
      onConfirm={async () => follow(await deleteVolume(volume))}
    >
      <p>{t('volumes.delete.body')}</p>
    </ConfirmByName>
  );
}
