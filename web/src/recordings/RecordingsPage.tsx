// SPDX-License-Identifier: Apache-2.0
import { Button, PageSection } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { recordingsQuery } from '../api/recordings';
import type { Recording } from '../api/types';
import { ConfirmByName } from '../shared/ConfirmByName';
import { Empty } from '../shared/Empty';
import { bytes } from '../shared/format';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { PolicySection } from './PolicySection';
import { howOf, lengthText } from './words';

const route = getRouteApi('/shell/t/$tenant/recordings');

/** What was shown in terminals over ssh, where the tenant wishes or the operator requires that it is kept. */
export default function RecordingsPage() {
  const { tenant } = route.useParams();
  const { container } = route.useSearch();
  const query = useQuery(recordingsQuery(tenant, container));
  const [doomed, setDoomed] = useState<Recording>();
  return (
    <>
      <PageHead title={t('recordings.title')} intro={t('recordings.intro')} />
      <PageSection hasBodyWrapper={false} isFilled className="berth-tab">
        <PolicySection tenant={tenant} />
        <h2 className="berth-subhead">{container === undefined ? t('recordings.kept') : t('recordings.keptOf', { name: container })}</h2>
        {container !== undefined && (
          <p>
            <Link to="/t/$tenant/recordings" params={{ tenant }}>
              {t('recordings.all')}
            </Link>
          </p>
        )}
        <Loaded query={query}>
          {(recordings) =>
            recordings.length === 0 ? (
              <Empty title={t('recordings.none')}>{t('recordings.none.what')}</Empty>
            ) : (
              <Recordings tenant={tenant} recordings={recordings} onDelete={setDoomed} />
            )
          }
        </Loaded>
        <SameAs
          lines={[
            [t('recordings.title'), curl('GET', `/tenants/${tenant}/recordings`)],
            [t('recordings.policy'), curl('PUT', `/tenants/${tenant}/recording-policy`, { record: true, input: false, keepDays: 90 })],
          ]}
        />
        {doomed !== undefined && <Deletion tenant={tenant} recording={doomed} onClose={() => setDoomed(undefined)} />}
      </PageSection>
    </>
  );
}

interface Properties {
  tenant: string;
  recordings: Recording[];
  onDelete: (recording: Recording) => void;
}

function Recordings({ tenant, recordings, onDelete }: Properties) {
  return (
    <List
      label={t('recordings.title')}
      items={recordings}
      keyOf={(recording) => recording.id}
      columns={[
        {
          title: t('recordings.when'),
          show: (recording) => (
            <Link to="/t/$tenant/recordings/$recording" params={{ tenant, recording: recording.id }}>
              <Moment at={recording.startedAt} />
            </Link>
          ),
        },
        { title: t('recordings.container'), show: (recording) => recording.container },
        { title: t('recordings.as'), show: (recording) => recording.guestUser },
        { title: t('sessions.from'), show: (recording) => recording.source },
        { title: t('recordings.length'), show: lengthText },
        { title: t('recordings.size'), show: (recording) => bytes(recording.bytes) },
        { title: t('recordings.how'), show: howOf },
        {
          title: t('list.actions'),
          show: (recording) => (
            <Button
              variant="link"
              isDanger
              isInline
              onClick={() => onDelete(recording)}
              aria-label={t('recordings.delete.of', { name: recording.container })}
            >
              {t('recordings.delete')}
            </Button>
          ),
        },
      ]}
    />
  );
}

function Deletion({ tenant, recording, onClose }: { tenant: string; recording: Recording; onClose: () => void }) {
  const queries = useQueryClient();
  return (
    <ConfirmByName
      title={t('recordings.delete.title')}
      name={recording.container}
      action={t('recordings.delete')}
      onClose={onClose}
      onConfirm={async () => {
        await ask(
          api.DELETE('/api/v1/tenants/{tenant}/recordings/{recording}', { params: { path: { tenant, recording: recording.id } } }),
        );
        await queries.invalidateQueries({ queryKey: ['recordings', tenant] });
      }}
    >
      <p>{t('recordings.delete.body')}</p>
    </ConfirmByName>
  );
}
