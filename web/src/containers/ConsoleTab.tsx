// SPDX-License-Identifier: Apache-2.0
import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { consoleQuery } from '../api/queries';
import type { Container } from '../api/types';
import { Empty } from '../shared/Empty';
import { Loaded } from '../shared/Loaded';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { plain } from '../shared/plain';
import { t } from '../text';

/** The newest of what its PID 1 wrote to the console. */
export default function ConsoleTab({ container }: { container: Container }) {
  const query = useQuery(consoleQuery(container.tenant, container.name));
  return (
    <>
      <p>{t('console.what')}</p>
      <Loaded query={query}>
        {(text) => (text.trim() === '' ? <Empty title={t('console.none')}>{t('console.none.why')}</Empty> : <Log text={plain(text)} />)}
      </Loaded>
      <Button variant="secondary" isLoading={query.isFetching} onClick={() => void query.refetch()}>
        {t('action.refresh')}
      </Button>
      <SameAs
        lines={[
          [t('container.console'), curl('GET', `/tenants/${container.tenant}/containers/${container.name}/console`)],
          [t('console.node'), `./berth console ${container.tenant}.${container.name}`],
        ]}
      />
    </>
  );
}

function Log({ text }: { text: string }) {
  const element = useRef<HTMLPreElement>(null);
  useEffect(() => {
    element.current?.scrollTo({ top: element.current.scrollHeight });
  }, [text]);
  return (
    <pre ref={element} className="berth-log" tabIndex={0} aria-label={t('container.console')}>
      {text}
    </pre>
  );
}
