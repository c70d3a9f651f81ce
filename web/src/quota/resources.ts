// SPDX-License-Identifier: Apache-2.0
import type { QuotaLine } from '../api/types';
import { bytes, cpus } from '../shared/format';

const GIB = 1_073_741_824;

interface Unit {
  /** The field of a request that holds its limit. */
  field: string;
  show: (value: number) => string;
  /** How much one typed unit is. */
  factor: number;
}

const COUNT = { show: String, factor: 1 };
const BYTES = { show: bytes, factor: GIB };

export const RESOURCES: Record<QuotaLine['resource'], Unit> = {
  CONTAINERS: { field: 'containers', ...COUNT },
  MILLI_CPUS: { field: 'milliCpus', show: cpus, factor: 1_000 },
  MEMORY_BYTES: { field: 'memoryBytes', ...BYTES },
  DISK_BYTES: { field: 'diskBytes', ...BYTES },
  PIDS: { field: 'pids', ...COUNT },
  SSH_KEYS: { field: 'sshKeys', ...COUNT },
  PORTS: { field: 'ports', ...COUNT },
  TENANTS: { field: 'tenants', ...COUNT },
};

/** Limits as they are typed: an empty field for the platform's default. */
export type Typed = Partial<Record<QuotaLine['resource'], string>>;

export function typedOf(lines: QuotaLine[], which: 'hard' | 'soft'): Typed {
  return Object.fromEntries(
    lines
      .filter((line) => line[which] !== null && !(which === 'hard' && line.isDefault))
      .map((line) => [line.resource, String(Number(line[which]) / RESOURCES[line.resource].factor)]),
  );
}

export function limitsOf(typed: Typed): Record<string, number> {
  return Object.fromEntries(
    Object.entries(typed)
      .filter(([, text]) => text.trim() !== '')
      .map(([resource, text]) => {
        const { field, factor } = RESOURCES[resource as QuotaLine['resource']];
        return [field, Math.round(Number(text) * factor)];
      }),
  );
}

export function isLimit(text: string | undefined): boolean {
  return text === undefined || text.trim() === '' || (Number.isFinite(Number(text)) && Number(text) >= 0);
}
