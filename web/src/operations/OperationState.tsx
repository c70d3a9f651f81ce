// SPDX-License-Identifier: Apache-2.0
import { Label, type LabelProps } from '@patternfly/react-core';
import type { Operation } from '../api/types';
import { t } from '../text';

const COLORS: Record<Operation['state'], LabelProps['color']> = {
  PENDING: 'grey',
  RUNNING: 'blue',
  SUCCEEDED: 'green',
  FAILED: 'red',
  CANCELLED: 'grey',
};

export function OperationState({ operation }: { operation: Operation }) {
  return (
    <Label isCompact color={COLORS[operation.state]}>
      {t(`operation.${operation.state}`)}
    </Label>
  );
}
