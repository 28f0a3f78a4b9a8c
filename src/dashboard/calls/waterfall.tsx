// Where the time of each answer went: a bar for each turn, in stages, on one scale.

import { formatLatency } from '../lib/format.ts';
import { texts } from '../texts/texts.ts';
import { stagesOf, totalOf } from './stages.ts';
import type { Stage } from './stages.ts';
import type { Turn } from './turns.ts';

const colors: Readonly<Record<Stage['name'], string>> = {
  endpoint: 'bg-chart-5',
  hear: 'bg-chart-2',
  think: 'bg-chart-1',
  rest: 'bg-line-strong',
  speak: 'bg-chart-3',
  play: 'bg-chart-4',
};
const names = Object.keys(colors) as (keyof typeof colors)[];

export function Waterfall({ turns }: { readonly turns: readonly Turn[] }) {
  const measured = turns.flatMap(({ number, latency }) =>
    latency && latency.response_ms !== null ? [{ number, latency }] : [],
  );
  if (measured.length === 0) {
    return <p className="text-sm text-faint">{texts.conversations.turnsNone}</p>;
  }
  const longest = Math.max(1, ...measured.map(({ latency }) => totalOf(stagesOf(latency))));
  return (
    <div>
      <ul className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        {names.map((name) => (
          <li key={name} className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2.5 rounded-sm ${colors[name]}`} />
            {texts.calls.stages[name]}
          </li>
        ))}
      </ul>
      <table className="w-full text-xs">
        <caption className="sr-only">{texts.conversations.turns}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{texts.conversations.turn}</th>
            <th scope="col">{texts.conversations.turns}</th>
            <th scope="col">{texts.calls.answeredIn('')}</th>
          </tr>
        </thead>
        <tbody>
          {measured.map(({ number, latency }) => (
            <tr key={number}>
              <th scope="row" className="numbers w-9 py-1 pr-2 text-right font-normal text-faint">
                {number + 1}
              </th>
              <td className="py-1">
                <div className="flex h-4 overflow-hidden rounded-sm">
                  {stagesOf(latency).map(({ name, ms }) => {
                    const label = `${texts.calls.stages[name]}: ${formatLatency(ms)}`;
                    return (
                      ms > 0 && (
                        <div
                          key={name}
                          title={label}
                          className={colors[name]}
                          style={{ width: `${(ms / longest) * 100}%` }}
                        >
                          <span className="sr-only">{label}, </span>
                        </div>
                      )
                    );
                  })}
                </div>
              </td>
              <td className="numbers w-16 py-1 pl-2 text-right">
                {formatLatency(latency.response_ms)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
