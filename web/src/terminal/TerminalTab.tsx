// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Flex, FlexItem } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/problem';
import { hostKeysQuery } from '../api/queries';
import type { Container } from '../api/types';
import { sshHost, sshLine } from '../keys/config';
import { Empty } from '../shared/Empty';
import { ProblemAlert } from '../shared/ProblemAlert';
import { SameAs } from '../shared/SameAs';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import type { State } from './connection';
import { openScreen, type Screen } from './screen';

/** A login shell in the page. */
export default function TerminalTab({ container }: { container: Container }) {
  const [attempt, setAttempt] = useState(0);
  const port = useQuery(hostKeysQuery).data?.[0]?.port;
  if (container.state !== 'RUNNING') {
    return <Empty title={t('terminal.stopped')}>{t('terminal.stopped.why')}</Empty>;
  }
  return (
    <>
      <Shell key={attempt} tenant={container.tenant} container={container.name} onAnother={() => setAttempt(attempt + 1)} />
      <SameAs
        lines={[
          [t('container.login'), sshLine(container, sshHost(), port)],
          [t('terminal.node'), `./berth attach ${container.tenant}.${container.name}`],
        ]}
      />
    </>
  );
}

interface Properties {
  tenant: string;
  container: string;
  onAnother: () => void;
}

function Shell({ tenant, container, onAnother }: Properties) {
  const place = useRef<HTMLDivElement>(null);
  const leave = useRef<HTMLButtonElement>(null);
  const screen = useRef<Screen>(undefined);
  const [state, setState] = useState<State>({ is: 'connecting' });
  const toasts = useToasts();

  useEffect(() => {
    if (place.current === null) {
      return;
    }
    const opened = openScreen(place.current, { tenant, container }, setState, () => leave.current?.focus());
    screen.current = opened;
    return opened.close;
  }, [tenant, container]);

  const isThere = state.is === 'connecting' || state.is === 'attached';
  const press = () => {
    if (isThere) {
      screen.current?.end().catch(toasts.failed);
    } else {
      onAnother();
    }
  };
  return (
    <>
      <Said state={state} />
      <div ref={place} className="berth-terminal" role="group" aria-label={t('terminal.of', { name: container })} />
      <Flex>
        <FlexItem>
          <Button ref={leave} variant={isThere ? 'secondary' : 'primary'} onClick={press}>
            {t(isThere ? 'terminal.end' : state.is === 'failed' ? 'action.retry' : 'terminal.another')}
          </Button>
        </FlexItem>
        <FlexItem>
          <span className="berth-quiet">{t('terminal.help')}</span>
        </FlexItem>
      </Flex>
    </>
  );
}

function Said({ state }: { state: State }) {
  switch (state.is) {
    case 'connecting':
    case 'attached':
      return (
        <p role="status" className="berth-quiet">
          {t(`terminal.${state.is}`)}
        </p>
      );
    case 'ended':
      return <Alert isInline variant="info" title={t('terminal.ended')} />;
    case 'exited':
      return <Alert isInline variant="info" title={t('terminal.exited', { status: state.status })} />;
    case 'failed':
      return <ProblemAlert error={new ApiError(state.problem)} />;
  }
}
