// SPDX-License-Identifier: Apache-2.0
import { FormGroup, NumberInput } from '@patternfly/react-core';
import { t } from '../text';
import { LEAST, MOST } from './size';

/** A volume's size, as it is typed. */
export function GibField({ gib, onChange }: { gib: number; onChange: (gib: number) => void }) {
  const within = (value: number) => Math.min(MOST, Math.max(LEAST, value));
  const label = t('volumes.size');
  return (
    <FormGroup label={label} fieldId="volume-size">
      <NumberInput
        inputProps={{ id: 'volume-size', step: 'any' }}
        inputAriaLabel={label}
        minusBtnAriaLabel={t('size.less', { what: label })}
        plusBtnAriaLabel={t('size.more', { what: label })}
        value={gib}
        min={LEAST}
        max={MOST}
        unit="GiB"
        widthChars={8}
        onMinus={() => onChange(within(gib - 1))}
        onPlus={() => onChange(within(gib + 1))}
        onChange={(event) => {
          const value = Number(event.currentTarget.value);
          if (Number.isFinite(value)) {
            onChange(value);
          }
        }}
        onBlur={() => onChange(within(gib))}
      />
    </FormGroup>
  );
}
