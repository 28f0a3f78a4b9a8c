// Charts that can be read: few lines, a name for every value under the pointer or the focus, and all of it as a table behind each.

import { useState } from 'react';
import type { ReactNode } from 'react';
import { classes } from '../lib/class-names.ts';
import { texts } from '../texts/texts.ts';
import { Card } from './card.tsx';

export interface Series {
  readonly name: string;
  /** One for each place; null where nothing was measured. */
  readonly values: readonly (number | null)[];
  readonly color: 1 | 2 | 3 | 4 | 5;
}

export interface ChartProps {
  /** What is shown, for screen readers. */
  readonly label: string;
  /** Of each place, in short below the axis; every so many are shown. */
  readonly names: readonly string[];
  /** Of each place, in full. */
  readonly titles: readonly string[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

const fills = {
  1: 'bg-chart-1',
  2: 'bg-chart-2',
  3: 'bg-chart-3',
  4: 'bg-chart-4',
  5: 'bg-chart-5',
} as const;
const strokes = {
  1: 'var(--chart-1)',
  2: 'var(--chart-2)',
  3: 'var(--chart-3)',
  4: 'var(--chart-4)',
  5: 'var(--chart-5)',
} as const;

const NAMES_MAX = 8;

/** A round number not below `value`, so that the axis has one to show. */
function topOf(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}

/** A chart in a card, with its legend, and the same as a table for whoever wants the figures. */
export function ChartCard({
  title,
  description,
  legend,
  action,
  table,
  children,
  className,
}: {
  readonly title: string;
  readonly description?: string;
  readonly legend?: readonly Pick<Series, 'name' | 'color'>[];
  /** Beside the title, where there is no legend. */
  readonly action?: ReactNode;
  readonly table: {
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <Card
      title={title}
      {...(description !== undefined && { description })}
      {...(className !== undefined && { className })}
      action={
        legend ? (
          <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
            {legend.map(({ name, color }) => (
              <li key={name} className="flex items-center gap-1.5">
                <span aria-hidden className={classes('size-2.5 rounded-sm', fills[color])} />
                {name}
              </li>
            ))}
          </ul>
        ) : (
          action
        )
      }
    >
      {children}
      <details className="mt-3 text-sm">
        <summary className="cursor-pointer text-xs text-faint select-none hover:text-ink">
          {texts.analytics.table}
        </summary>
        <div className="mt-2 max-h-72 overflow-auto rounded-lg border border-line">
          <table className="w-full text-xs" aria-label={title}>
            <thead className="sticky top-0 bg-sunken text-left text-faint">
              <tr>
                {table.head.map((name, place) => (
                  <th
                    key={name}
                    scope="col"
                    className={classes('px-3 py-1.5 font-medium', place > 0 && 'text-right')}
                  >
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <tr key={row[0]} className="border-t border-line">
                  {row.map((cell, place) => (
                    <td
                      key={table.head[place]}
                      className={classes('px-3 py-1.5', place > 0 && 'numbers text-right')}
                    >
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </Card>
  );
}

/** Bars side by side, the later series in front of the first. */
export function BarChart(props: ChartProps) {
  const { series } = props;
  const top = topOf(
    Math.max(0, ...series.flatMap(({ values }) => values.map((each) => each ?? 0))),
  );
  return (
    <Plot {...props} top={top}>
      {(place, lit) => (
        <span className="relative flex h-full w-full items-end justify-center">
          {series.map(({ name, values, color }, layer) => (
            <span
              key={name}
              className={classes(
                'absolute bottom-0 rounded-t-[3px] transition-opacity',
                fills[color],
                layer === 0 ? 'w-[68%] max-w-8' : 'w-[34%] max-w-4',
                !lit && 'opacity-85',
              )}
              style={{ height: `${(100 * (values[place] ?? 0)) / top}%` }}
            />
          ))}
        </span>
      )}
    </Plot>
  );
}

/** Lines through the places; where nothing was measured the line has a gap. */
export function LineChart(props: ChartProps) {
  const { series, names } = props;
  const top = topOf(
    Math.max(0, ...series.flatMap(({ values }) => values.map((each) => each ?? 0))),
  );
  const x = (place: number) => ((place + 0.5) / names.length) * 100;
  const y = (value: number) => 100 - (100 * value) / top;
  return (
    <Plot
      {...props}
      top={top}
      behind={
        <svg
          aria-hidden
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          className="pointer-events-none absolute inset-0 size-full overflow-visible"
        >
          {series.map(({ name, values, color }) => (
            <path
              key={name}
              d={pathOf(values, x, y)}
              fill="none"
              stroke={strokes[color]}
              strokeWidth={2}
              strokeLinejoin="round"
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </svg>
      }
    >
      {(place, lit) =>
        series.map(({ name, values, color }) => {
          const value = values[place];
          if (value === null || value === undefined) return null;
          return (
            <span
              key={name}
              className={classes(
                'absolute left-1/2 size-2 -translate-x-1/2 translate-y-1/2 rounded-full border-2 border-surface transition-opacity',
                fills[color],
                lit || names.length <= 14 || isAlone(values, place) ? 'opacity-100' : 'opacity-0',
              )}
              style={{ bottom: `${(100 * value) / top}%` }}
            />
          );
        })
      }
    </Plot>
  );
}

/** Without neighbours there is no line to be seen. */
function isAlone(values: readonly (number | null)[], place: number): boolean {
  return (values[place - 1] ?? null) === null && (values[place + 1] ?? null) === null;
}

function pathOf(
  values: readonly (number | null)[],
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let pen = false;
  for (const [place, value] of values.entries()) {
    if (value === null) {
      pen = false;
      continue;
    }
    path += `${pen ? 'L' : 'M'}${x(place).toFixed(2)} ${y(value).toFixed(2)}`;
    pen = true;
  }
  return path;
}

/** Axis, grid, and the column of each place, which tells its values. */
function Plot({
  label,
  names,
  titles,
  series,
  format,
  top,
  behind,
  children,
}: ChartProps & {
  readonly top: number;
  readonly behind?: ReactNode;
  readonly children: (place: number, lit: boolean) => ReactNode;
}) {
  const [lit, setLit] = useState<number>();
  const every = Math.ceil(names.length / NAMES_MAX);
  const read = (place: number) =>
    series
      .map(({ name, values }) => {
        const value = values[place];
        return `${name}: ${value === null || value === undefined ? '–' : format(value)}`;
      })
      .join(', ');
  return (
    <div role="group" aria-label={label} className="relative">
      <div className="flex gap-2">
        <div
          aria-hidden
          className="numbers flex h-44 w-11 shrink-0 flex-col justify-between text-right text-2xs leading-none text-faint"
        >
          <span>{format(top)}</span>
          <span>{format(top / 2)}</span>
          <span>{format(0)}</span>
        </div>
        <div className="min-w-0 flex-1">
          <div className="relative h-44" onPointerLeave={() => setLit(undefined)}>
            <div aria-hidden className="absolute inset-0 flex flex-col justify-between">
              <span className="border-t border-line" />
              <span className="border-t border-line" />
              <span className="border-t border-line-strong" />
            </div>
            {behind}
            <div className="absolute inset-0 flex">
              {names.map((_name, place) => (
                <div
                  key={titles[place]}
                  role="img"
                  tabIndex={0}
                  aria-label={`${titles[place]}: ${read(place)}`}
                  className={classes(
                    'relative h-full min-w-0 flex-1 rounded-sm outline-offset-0',
                    lit === place && 'bg-hover/70',
                  )}
                  onPointerEnter={() => setLit(place)}
                  onFocus={() => setLit(place)}
                  onBlur={() => setLit(undefined)}
                >
                  {children(place, lit === place)}
                </div>
              ))}
            </div>
            {lit !== undefined && (
              <div
                aria-hidden
                className={classes(
                  'pointer-events-none absolute -top-2 z-10 -translate-y-full rounded-lg border border-line bg-surface px-2.5 py-1.5 text-xs whitespace-nowrap shadow-raised',
                  lit < names.length / 2 ? 'translate-x-0' : '-translate-x-full',
                )}
                style={{ left: `${((lit + 0.5) / names.length) * 100}%` }}
              >
                <p className="font-medium">{titles[lit]}</p>
                {series.map(({ name, values, color }) => {
                  const value = values[lit];
                  return (
                    <p key={name} className="numbers mt-0.5 flex items-center gap-1.5 text-muted">
                      <span className={classes('size-2 rounded-sm', fills[color])} />
                      {name}
                      <span className="ml-auto pl-3 text-ink">
                        {value === null || value === undefined ? '–' : format(value)}
                      </span>
                    </p>
                  );
                })}
              </div>
            )}
          </div>
          <div aria-hidden className="mt-1.5 flex h-4 text-2xs text-faint">
            {names.map((name, place) => (
              <span key={titles[place]} className="relative min-w-0 flex-1">
                {place % every === 0 && (
                  <span
                    className={classes(
                      'absolute left-1/2 -translate-x-1/2 whitespace-nowrap',
                      (place / every) % 2 === 1 && 'max-sm:hidden',
                    )}
                  >
                    {name}
                  </span>
                )}
              </span>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}
