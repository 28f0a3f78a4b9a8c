// How the calls ended, the most frequent first.

import { formatCount } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { ChartCard } from '../../ui/charts.tsx';

export function Outcomes({ outcomes }: { readonly outcomes: Readonly<Record<string, number>> }) {
  const rows = Object.entries(outcomes).toSorted(([, one], [, other]) => other - one);
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  const most = rows[0]?.[1] ?? 1;
  const nameOf = (outcome: string) => texts.calls.outcomes[outcome] ?? outcome;
  const percent = (count: number) => `${Math.round((100 * count) / Math.max(1, total))} %`;
  return (
    <ChartCard
      title={texts.analytics.outcomes}
      table={{
        head: [texts.analytics.outcome, texts.analytics.calls, texts.analytics.share],
        rows: rows.map(([outcome, count]) => [nameOf(outcome), formatCount(count), percent(count)]),
      }}
    >
      <ul className="space-y-2.5 text-sm">
        {rows.map(([outcome, count]) => (
          <li
            key={outcome}
            className="grid grid-cols-[6.5rem_minmax(0,1fr)_5rem] items-center gap-3"
          >
            <span className="truncate text-muted">{nameOf(outcome)}</span>
            <span aria-hidden className="h-2.5 rounded-full bg-hover">
              <span
                className="block h-full rounded-full bg-chart-1"
                style={{ width: `${Math.max(2, (100 * count) / most)}%` }}
              />
            </span>
            <span className="numbers text-right">
              {formatCount(count)} <span className="text-faint">{percent(count)}</span>
            </span>
          </li>
        ))}
      </ul>
    </ChartCard>
  );
}
