// SPDX-License-Identifier: Apache-2.0
import { Label, type LabelProps } from '@patternfly/react-core';
import type { Container } from '../api/types';
import { t } from '../text';
import { shownState, type Shown } from './state';

const COLORS: Record<Shown, LabelProps['color']> = {
  creating: 'blue',
  starting: 'blue',
  running: 'green',
  stopping: 'blue',
  stopped: 'grey',
  frozen: 'teal',
  deleting: 'orange',
  broken: 'red',
  missing: 'red',
  quarantined: 'purple',
};

/** The state in words; the colour only repeats it. */
export function StateLabel({ container }: { container: Container }) {
  const shown = shownState(container);
  return (
    <Label color={COLORS[shown]} isCompact>
      {t(`state.${shown}`)}
    </Label>
  );
}
