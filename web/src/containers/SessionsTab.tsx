// SPDX-License-Identifier: Apache-2.0
import { Button } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ask } from '../api/client';
import { sshSessionsQuery } from '../api/sessions';
import type { Container, SshSession } from '../api/types';
import { Empty } from '../shared/Empty';
import { bytes } from '../shared/format';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { useToasts } from '../shared/Toasts';
import { maybe, t } from '../text';

/** Who is in it over ssh, now. */
export default function SessionsTab({ container: { tenant, name } }: { container: Container }) {
  const query = useQuery(sshSessionsQuery(tenant, name));
  const queries = useQueryClient();
  const toasts = useToasts();
  const end = ({ id }: SshSession) => {
    ask(api.DELETE('/api/v1/tenants/{tenant}/ssh-sessions/{session}', { params: { path: { tenant, session: id } } })).then(
      () => queries.invalidateQueries({ queryKey: ['ssh-sessions', tenant] }),
      toasts.failed,
    );
  };
  return (
    <>
      <p>{t('sessions.what')}</p>
      <p>
        <Link to="/t/$tenant/recordings" params={{ tenant }} search={{ container: name }}>
          {t('sessions.recordings')}
        </Link>
      </p>
      <Loaded query={query}>
        {(sessions) =>
          sessions.length === 0 ? (
            <Empty title={t('sessions.none')}>{t('sessions.none.what')}</Empty>
          ) : (
            <List
              label={t('sessions.title')}
              items={sessions}
              keyOf={(session) => session.id}
              columns={[
                {
                  title: t('sessions.kind'),
                  show: (session) => t('sessions.as', { kind: maybe(`sessions.kind.${session.kind}`, session.kind), user: session.guestUser }),
                },
                { title: t('sessions.from'), show: (session) => session.source },
                { title: t('keys.fingerprint'), show: (session) => <code className="berth-break">{session.key}</code> },
                { title: t('sessions.since'), show: (session) => <Moment at={session.startedAt} /> },
                { title: t('sessions.active'), show: (session) => <Moment at={session.activeAt} /> },
                {
                  title: t('sessions.traffic'),
                  show: (session) => t('sessions.inOut', { in: bytes(session.bytesIn), out: bytes(session.bytesOut) }),
                },
                {
                  title: t('list.actions'),
                  show: (session) => (
                    <Button
                      variant="link"
                      isDanger
                      isInline
                      isDisabled={session.ending}
                      onClick={() => end(session)}
                      aria-label={t('sessions.end.of', { from: session.source })}
                    >
                      {session.ending ? t('sessions.ending') : t('sessions.end')}
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
          [t('sessions.title'), curl('GET', `/tenants/${tenant}/ssh-sessions?container=${name}`)],
          [t('sessions.end'), curl('DELETE', `/tenants/${tenant}/ssh-sessions/SESSION`)],
        ]}
      />
    </>
  );
}
