// SPDX-License-Identifier: Apache-2.0
import { useState, type PointerEvent } from 'react';
import { t } from '../text';
import { absolute } from './format';
import { barsPath, linePath, topOf } from './chartPath';

export interface Series {
  label: string;
  values: (number | null)[];
}

interface Properties {
  title: string;
  /** Epoch milliseconds; each series has a value for each. */
  times: number[];
  /** One, or two that share the scale. */
  series: Series[];
  format: (value: number) => string;
  /** What the scale ends with at least, such as a limit. */
  most?: number;
  shape?: 'line' | 'bars';
}

/** Figures over time, as SVG: it follows the theme, prints, and brings no library. What is pointed at is told in words. */
export function Chart({ title, times, series, format, most, shape = 'line' }: Properties) {
  const [pointed, setPointed] = useState<number>();
  const top = topOf(series, most);
  const at = pointed !== undefined && pointed < times.length ? pointed : times.length - 1;
  const told = series.map(({ label, values }) => {
    const value = values[at];
    const text = value === null || value === undefined ? '–' : format(value);
    return series.length > 1 ? `${label} ${text}` : text;
  });
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const part = (event.clientX - left) / width;
    setPointed(shape === 'bars' ? Math.min(Math.floor(part * times.length), times.length - 1) : Math.round(part * (times.length - 1)));
  };
  const when = times[at];
  return (
    <figure className="berth-chart">
      <figcaption>
        <span>{title}</span>
        <strong>{told.join(', ')}</strong>
        <span className="berth-quiet">{pointed !== undefined && when !== undefined ? absolute(new Date(when)) : ''}</span>
      </figcaption>
      <div className="berth-chart-plot">
        <svg
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          role="img"
          aria-label={t('chart.summary', { title, now: told.join(', '), top: format(top) })}
          onPointerMove={point}
          onPointerLeave={() => setPointed(undefined)}
        >
          <path className="berth-chart-grid" d="M0 0H100M0 50H100M0 100H100" />
          {series.map(({ label, values }, index) => (
            <path
              key={label}
              className={`berth-chart-${shape} berth-chart-${index}`}
              d={shape === 'bars' ? barsPath(values, top, index, series.length) : linePath(values, top)}
            />
          ))}
          {pointed !== undefined && shape === 'line' && times.length > 1 && (
            <path className="berth-chart-grid" d={`M${(at / (times.length - 1)) * 100} 0V100`} />
          )}
        </svg>
        <span className="berth-chart-top">{format(top)}</span>
      </div>
    </figure>
  );
}
