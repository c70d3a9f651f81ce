// SPDX-License-Identifier: Apache-2.0
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ReactNode } from 'react';

export interface Column<T> {
  title: string;
  show: (item: T) => ReactNode;
}

interface Properties<T> {
  label: string;
  columns: Column<T>[];
  items: T[];
  keyOf: (item: T) => string;
}

/** A short list as a table; on a phone each row becomes a card. */
export function List<T>({ label, columns, items, keyOf }: Properties<T>) {
  return (
    <Table aria-label={label} variant="compact" gridBreakPoint="grid-md">
      <Thead>
        <Tr>
          {columns.map((column) => (
            <Th key={column.title} modifier="nowrap" screenReaderText={column.title === '' ? label : undefined}>
              {column.title === '' ? undefined : column.title}
            </Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {items.map((item) => (
          <Tr key={keyOf(item)}>
            {columns.map((column) => (
              <Td key={column.title} dataLabel={column.title}>
                {column.show(item)}
              </Td>
            ))}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
