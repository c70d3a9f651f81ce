// SPDX-License-Identifier: Apache-2.0
import type { Operation } from '../api/types';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Moment } from '../shared/Moment';
import { t } from '../text';
import { OperationLink } from './follow';
import { OperationState } from './OperationState';

export function OperationsList({ operations, withTenant = false }: { operations: Operation[]; withTenant?: boolean }) {
  if (operations.length === 0) {
    return <Empty title={t('operations.none')}>{t('operations.none.what')}</Empty>;
  }
  return (
    <List
      label={t('operations.title')}
      items={operations}
      keyOf={(operation) => operation.id}
      columns={[
        { title: t('operations.what'), show: (operation) => <OperationLink operation={operation} /> },
        ...(withTenant
          ? [{ title: t('tenant.one'), show: (operation: Operation) => operation.tenant ?? t('operations.operators') }]
          : []),
        { title: t('operations.state'), show: (operation) => <OperationState operation={operation} /> },
        {
          title: t('operations.progress'),
          show: (operation) => operation.error?.detail ?? operation.progress ?? '',
        },
        { title: t('operations.asked'), show: (operation) => <Moment at={operation.createdAt} /> },
      ]}
    />
  );
}
