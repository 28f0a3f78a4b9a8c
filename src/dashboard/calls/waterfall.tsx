// Where the time of each answer went: a bar for each turn, in stages, on one scale.

import { formatLatency } from '../lib/format.ts';
import { texts } from '../texts/texts.ts';
import type { Latency, Turn } from './turns.ts';

const stages = [
  { name: 'endpoint', color: 'bg-chart-5' },
  { name: 'hear', color: 'bg-chart-2' },
  { name: 'think', color: 'bg-chart-1' },
  { name: 'speak', color: 'bg-chart-3' },
  { name: 'play', color: 'bg-chart-4' },
] as const;

type Stage = (typeof stages)[number]['name'];

function msOf(latency: Latency, stage: Stage): number {
  return Math.max(0, latency[`${stage}_ms`] ?? 0);
}

function totalOf(latency: Latency): number {
  const parts = stages.reduce((total, { name }) => total + msOf(latency, name), 0);
  return Math.max(parts, latency.response_ms ?? 0);
}

export function Waterfall({ turns }: { readonly turns: readonly Turn[] }) {
  const measured = turns.flatMap(({ number, latency }) =>
    latency && latency.response_ms !== null ? [{ number, latency }] : [],
  );
  if (measured.length === 0) {
    return <p className="text-sm text-faint">{texts.conversations.turnsNone}</p>;
  }
  const longest = Math.max(...measured.map(({ latency }) => totalOf(latency)));
  return (
    <div>
      <ul className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        {stages.map(({ name, color }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2.5 rounded-sm ${color}`} />
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
              <th scope="row" className="numbers w-7 py-1 pr-2 text-right font-normal text-faint">
                {number + 1}
              </th>
              <td className="py-1">
                <div className="flex h-4 overflow-hidden rounded-sm">
                  {stages.map(({ name, color }) => {
                    const ms = msOf(latency, name);
                    const label = `${texts.calls.stages[name]}: ${formatLatency(ms)}`;
                    return (
                      ms > 0 && (
                        <div
                          key={name}
                          title={label}
                          className={color}
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
                {formatLatency(latency.response_ms ?? totalOf(latency))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
