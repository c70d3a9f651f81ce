// SPDX-License-Identifier: Apache-2.0
import { Alert, Breadcrumb, BreadcrumbItem, PageSection } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { castOf, castQuery, recordingQuery } from '../api/recordings';
import type { Recording } from '../api/types';
import { Empty } from '../shared/Empty';
import { Facts } from '../shared/Facts';
import { bytes } from '../shared/format';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { parseCast } from './cast';
import { Player } from './Player';
import { howOf, lengthText } from './words';

const route = getRouteApi('/shell/t/$tenant/recordings/$recording');

/** The page holds it all: more than this is for asciinema. */
const MOST_PLAYED_BYTES = 32 * 1024 * 1024;

export default function RecordingPage() {
  const { tenant, recording } = route.useParams();
  const query = useQuery(recordingQuery(tenant, recording));
  const head = (
    <Breadcrumb>
      <BreadcrumbItem>
        <Link to="/t/$tenant/recordings" params={{ tenant }}>
          {t('recordings.title')}
        </Link>
      </BreadcrumbItem>
      <BreadcrumbItem isActive>{query.data?.container ?? recording}</BreadcrumbItem>
    </Breadcrumb>
  );
  return (
    <>
      <PageHead title={t('recording.title', { name: query.data?.container ?? '' })} above={head} />
      <PageSection hasBodyWrapper={false} isFilled className="berth-tab">
        <Loaded query={query}>
          {(found) => (
            <>
              {found.bytes > MOST_PLAYED_BYTES ? (
                <Empty title={t('recording.large')}>{t('recording.large.what', { size: bytes(found.bytes) })}</Empty>
              ) : (
                <Played tenant={tenant} recording={found} />
              )}
              <p>
                <a href={castOf(tenant, recording)} download>
                  {t('recording.download')}
                </a>
              </p>
              <About recording={found} />
            </>
          )}
        </Loaded>
        <SameAs
          lines={[[t('recording.fromShell'), `${curl('GET', `/tenants/${tenant}/recordings/${recording}/cast`)} -o session.cast && asciinema play session.cast`]]}
        />
      </PageSection>
    </>
  );
}

function Played({ tenant, recording }: { tenant: string; recording: Recording }) {
  const query = useQuery(castQuery(tenant, recording.id));
  return <Loaded query={query}>{(text) => <Shown text={text} name={recording.container} />}</Loaded>;
}

function Shown({ text, name }: { text: string; name: string }) {
  const cast = useMemo(() => {
    try {
      return parseCast(text);
    } catch {
      return undefined;
    }
  }, [text]);
  return cast === undefined ? (
    <Alert isInline variant="warning" title={t('recording.unreadable')} />
  ) : (
    <Player cast={cast} label={t('recording.title', { name })} />
  );
}

function About({ recording }: { recording: Recording }) {
  return (
    <Facts
      title={t('recording.about')}
      facts={[
        [t('recordings.when'), <Moment key="when" at={recording.startedAt} />],
        [t('recordings.length'), lengthText(recording)],
        [t('recordings.as'), recording.guestUser],
        [t('sessions.from'), recording.source],
        [
          t('keys.fingerprint'),
          <code key="key" className="berth-break">
            {recording.key}
          </code>,
        ],
        [t('recording.command'), recording.title ?? t('recording.shell')],
        [t('recordings.how'), howOf(recording)],
        [t('recordings.size'), bytes(recording.bytes)],
      ]}
    />
  );
}
