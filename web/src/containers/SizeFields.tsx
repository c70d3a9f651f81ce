// SPDX-License-Identifier: Apache-2.0
import { FormGroup, NumberInput } from '@patternfly/react-core';
import type { Container } from '../api/types';
import { t } from '../text';

/** A size as it is typed: CPUs, MiB, processes, GiB. */
export interface Size {
  cpus: number;
  memoryMib: number;
  pids: number;
  diskGib: number;
}

const MIB = 1_048_576;
const GIB = 1_073_741_824;
export const DEFAULT_SIZE: Size = { cpus: 2, memoryMib: 1024, pids: 4096, diskGib: 10 };

export function limitsOf(size: Size) {
  return {
    milliCpus: Math.round(size.cpus * 1000),
    memoryBytes: Math.round(size.memoryMib) * MIB,
    pids: Math.round(size.pids),
    diskBytes: Math.round(size.diskGib * GIB),
  };
}

export function sizeOf(limits: Container['limits']): Size {
  return { cpus: limits.milliCpus / 1000, memoryMib: Math.round(limits.memoryBytes / MIB), pids: limits.pids, diskGib: limits.diskBytes / GIB };
}

interface Field {
  key: keyof Size;
  label: string;
  unit: string;
  least: number;
  most: number;
  step: number;
}

/** The bounds are io.berth.core.spec.Limits's. */
function fields(): Field[] {
  return [
    { key: 'cpus', label: t('size.cpus'), unit: t('size.cpus.unit'), least: 0.01, most: 1024, step: 0.5 },
    { key: 'memoryMib', label: t('size.memory'), unit: 'MiB', least: 16, most: 16 * 1_048_576, step: 256 },
    { key: 'diskGib', label: t('size.disk'), unit: 'GiB', least: 0.0625, most: 1_048_576, step: 5 },
    { key: 'pids', label: t('size.pids'), unit: '', least: 16, most: 4_194_304, step: 256 },
  ];
}

export function SizeFields({ size, onChange }: { size: Size; onChange: (size: Size) => void }) {
  return (
    <div className="berth-sizes">
      {fields().map((field) => (
        <FormGroup key={field.key} label={field.label} fieldId={`size-${field.key}`}>
          <NumberInput
            inputProps={{ id: `size-${field.key}`, step: 'any' }}
            inputAriaLabel={field.label}
            minusBtnAriaLabel={t('size.less', { what: field.label })}
            plusBtnAriaLabel={t('size.more', { what: field.label })}
            value={size[field.key]}
            min={field.least}
            max={field.most}
            unit={field.unit}
            widthChars={8}
            onMinus={() => onChange({ ...size, [field.key]: within(field, size[field.key] - field.step) })}
            onPlus={() => onChange({ ...size, [field.key]: within(field, size[field.key] + field.step) })}
            onChange={(event) => {
              const value = Number(event.currentTarget.value);
              if (Number.isFinite(value)) {
                onChange({ ...size, [field.key]: value });
              }
            }}
            onBlur={() => onChange({ ...size, [field.key]: within(field, size[field.key]) })}
          />
        </FormGroup>
      ))}
    </div>
  );
}

function within(field: Field, value: number): number {
  return Math.min(field.most, Math.max(field.least, value));
}
