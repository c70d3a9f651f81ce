// SPDX-License-Identifier: Apache-2.0
import { Alert, ExpandableSection, Label, PageSection } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { idRangesQuery, nodesQuery } from '../api/queries';
import type { Node } from '../api/types';
import { Facts } from '../shared/Facts';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';

export default function NodesPage() {
  const query = useQuery(nodesQuery);
  return (
    <>
      <PageHead title={t('nodes.title')} intro={t('nodes.intro')} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Loaded query={query}>{(nodes) => nodes.map((node) => <NodeCard key={node.name} node={node} />)}</Loaded>
        <SameAs
          lines={[
            [t('nodes.title'), curl('GET', '/nodes')],
            [t('nodes.ids'), './berth ids'],
            [t('dashboard.doctor'), './berth doctor'],
          ]}
        />
      </PageSection>
    </>
  );
}

function NodeCard({ node }: { node: Node }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="berth-node">
      <Facts
        title={node.name}
        facts={[
          [
            t('nodes.state'),
            <Label key="state" isCompact color={node.state === 'UP' ? 'green' : 'red'}>
              {node.state === 'UP' ? t('nodes.up') : t('nodes.down')}
            </Label>,
          ],
          [t('nodes.seen'), <Moment key="seen" at={node.lastSeenAt} />],
        ]}
      />
      {node.strays.map((stray) => (
        <Alert
          key={stray.id}
          isInline
          variant="warning"
          title={t('nodes.stray', { name: `${stray.tenant}.${stray.name}`, state: stray.state })}
        >
          <p>{t('nodes.stray.what')}</p>
        </Alert>
      ))}
      <ExpandableSection toggleText={t('nodes.ids')} isExpanded={open} onToggle={(_event, value) => setOpen(value)}>
        {open && <IdRanges node={node.name} />}
      </ExpandableSection>
    </div>
  );
}

function IdRanges({ node }: { node: string }) {
  const query = useQuery(idRangesQuery(node));
  return (
    <>
      <p>{t('nodes.ids.what')}</p>
      <Loaded query={query}>
        {(ranges) => (
          <List
            label={t('nodes.ids')}
            items={ranges}
            keyOf={(range) => String(range.start)}
            columns={[
              { title: t('nodes.ids.range'), show: (range) => <code>{`${range.start} – ${range.start + range.count - 1}`}</code> },
              { title: t('nodes.ids.state'), show: (range) => range.state },
              { title: t('container.one'), show: (range) => (range.name === null ? (range.container ?? '') : `${range.tenant ?? ''}/${range.name}`) },
              { title: t('nodes.ids.until'), show: (range) => (range.until === null ? '' : <Moment at={range.until} />) },
              { title: t('nodes.ids.conflicts'), show: (range) => range.conflicts.join('; ') },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}
