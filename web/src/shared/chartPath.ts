// SPDX-License-Identifier: Apache-2.0
// Figures as SVG paths in a square of 100 by 100, its origin at the top left.
type Values = (number | null)[];

const GAP = 0.25; // of a bar's place, to the next one

/** Where the scale ends: at the largest value, at what was asked for, and never at nothing. */
export function topOf(series: { values: Values }[], most = 0): number {
  const largest = series.reduce((top, { values }) => values.reduce<number>((high, value) => Math.max(high, value ?? 0), top), most);
  return largest > 0 ? largest : 1;
}

function down(value: number, top: number): string {
  return (100 - (value / top) * 100).toFixed(2);
}

/** A line that is interrupted where there is no value. */
export function linePath(values: Values, top: number): string {
  const step = 100 / Math.max(values.length - 1, 1);
  let isDown = false;
  return values
    .map((value, index) => {
      if (value === null) {
        isDown = false;
        return '';
      }
      const command = `${isDown ? 'L' : 'M'}${(index * step).toFixed(2)} ${down(value, top)}`;
      isDown = true;
      return command;
    })
    .join('');
}

/** A bar for each value; those of several series stand side by side. */
export function barsPath(values: Values, top: number, index: number, of: number): string {
  const place = 100 / Math.max(values.length, 1);
  const width = (place * (1 - GAP)) / of;
  return values
    .map((value, each) => (value === null || value === 0 ? '' : `M${(each * place + index * width).toFixed(2)} 100V${down(value, top)}h${width.toFixed(2)}V100Z`))
    .join('');
}
