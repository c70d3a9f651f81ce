// SPDX-License-Identifier: Apache-2.0
import { Checkbox } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { Container } from '../api/types';
import { bytes, cpus } from '../shared/format';
import { Moment } from '../shared/Moment';
import { t } from '../text';
import { StateLabel } from './StateLabel';

const USUAL_ROW_PIXELS = 48;
const COLUMNS = 7;

interface Properties {
  containers: Container[];
  chosen: ReadonlySet<string>;
  onChoose: (names: ReadonlySet<string>) => void;
}

/** Only the rows in sight are in the document, so thousands scroll as a few do. */
export function ContainersTable({ containers, chosen, onChoose }: Properties) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: containers.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => USUAL_ROW_PIXELS,
    getItemKey: (index) => containers[index]?.id ?? index,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  const choose = (name: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) {
      next.add(name);
    } else {
      next.delete(name);
    }
    onChoose(next);
  };
  const all = containers.every((each) => chosen.has(each.name));
  return (
    <div ref={scroller} className="berth-scroller" tabIndex={0} role="region" aria-label={t('containers.title')}>
      <Table variant="compact" isStickyHeader gridBreakPoint="" aria-label={t('containers.title')} aria-rowcount={containers.length + 1}>
        <Thead>
          <Tr aria-rowindex={1}>
            <Th className="berth-narrow">
              <Checkbox
                id="choose-all"
                aria-label={t('containers.chooseAll')}
                isChecked={all}
                onChange={(_event, on) => onChoose(new Set(on ? containers.map((each) => each.name) : []))}
              />
            </Th>
            <Th>{t('containers.name')}</Th>
            <Th>{t('containers.state')}</Th>
            <Th className="berth-wide-only">{t('containers.image')}</Th>
            <Th className="berth-wide-only">{t('containers.addresses')}</Th>
            <Th className="berth-wide-only">{t('containers.size')}</Th>
            <Th className="berth-wide-only">{t('containers.created')}</Th>
          </Tr>
        </Thead>
        <Tbody>
          <Space pixels={before} />
          {items.map((item) => {
            const container = containers[item.index];
            return container === undefined ? null : (
              <Row
                key={item.key}
                container={container}
                index={item.index}
                measure={rows.measureElement}
                chosen={chosen.has(container.name)}
                onChoose={choose}
              />
            );
          })}
          <Space pixels={after} />
        </Tbody>
      </Table>
    </div>
  );
}

function Space({ pixels }: { pixels: number }) {
  return pixels <= 0 ? null : (
    <tr aria-hidden="true">
      <td colSpan={COLUMNS} style={{ height: pixels, padding: 0 }} />
    </tr>
  );
}

interface RowProperties {
  container: Container;
  index: number;
  measure: (element: Element | null) => void;
  chosen: boolean;
  onChoose: (name: string, on: boolean) => void;
}

function Row({ container, index, measure, chosen, onChoose }: RowProperties) {
  return (
    <Tr ref={measure} data-index={index} aria-rowindex={index + 2} isRowSelected={chosen}>
      <Td>
        <Checkbox
          id={`choose-${container.id}`}
          aria-label={t('containers.choose', { name: container.name })}
          isChecked={chosen}
          onChange={(_event, on) => onChoose(container.name, on)}
        />
      </Td>
      <Td dataLabel={t('containers.name')}>
        <Link to="/t/$tenant/containers/$container" params={{ tenant: container.tenant, container: container.name }} search={{ tab: undefined }}>
          {container.name}
        </Link>
      </Td>
      <Td dataLabel={t('containers.state')}>
        <StateLabel container={container} />
      </Td>
      <Td className="berth-wide-only">{container.imageAlias ?? container.image.slice(0, 12)}</Td>
      <Td className="berth-wide-only">{container.addresses.join(', ')}</Td>
      <Td className="berth-wide-only">
        {cpus(container.limits.milliCpus)}, {bytes(container.limits.memoryBytes)}
      </Td>
      <Td className="berth-wide-only">
        <Moment at={container.createdAt} />
      </Td>
    </Tr>
  );
}
