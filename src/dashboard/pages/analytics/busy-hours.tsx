// When calls come in: a square for each hour of the week, the darker the more calls.

import type { Answer } from '../../lib/api.ts';
import { formatWeekday } from '../../lib/format.ts';
import { addDays } from '../../lib/zoned.ts';
import { texts } from '../../texts/texts.ts';
import { ChartCard } from '../../ui/charts.tsx';

type Hours = Answer<'GET /api/clients/{client_id}/analytics/hours'>['hours'];

/** Any Monday: only its weekday's name is shown. */
const MONDAY = '2026-02-02';
const WEEKDAYS = Array.from({ length: 7 }, (_, index) => formatWeekday(addDays(MONDAY, index)));
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const SHOWN_EVERY = 6;

export function BusyHours({ hours }: { readonly hours: Hours }) {
  const most = Math.max(1, ...hours.map(({ calls }) => calls));
  const callsAt = (weekday: number, hour: number) =>
    hours.find((each) => each.weekday === weekday && each.hour === hour)?.calls ?? 0;
  const busiest = hours.toSorted((one, other) => other.calls - one.calls);
  return (
    <ChartCard
      title={texts.analytics.hours}
      description={texts.analytics.hoursText}
      table={{
        head: [texts.analytics.weekday, texts.analytics.calls],
        rows: busiest.map(({ weekday, hour, calls }) => [
          `${WEEKDAYS[weekday - 1]} ${hour}:00`,
          String(calls),
        ]),
      }}
    >
      <div aria-hidden className="grid grid-cols-[2.25rem_repeat(24,minmax(0,1fr))] gap-[3px]">
        {WEEKDAYS.map((name, index) => [
          <span key={name} className="self-center text-2xs text-faint">
            {name}
          </span>,
          ...HOURS.map((hour) => {
            const calls = callsAt(index + 1, hour);
            return (
              <span
                key={`${name} ${hour}`}
                title={`${name} ${hour}:00: ${texts.analytics.callsOf(calls)}`}
                className="relative aspect-square rounded-[3px] bg-hover"
              >
                {calls > 0 && (
                  <span
                    className="absolute inset-0 rounded-[3px] bg-chart-1"
                    style={{ opacity: 0.25 + (0.75 * calls) / most }}
                  />
                )}
              </span>
            );
          }),
        ])}
        <span />
        {HOURS.map((hour) => (
          <span key={hour} className="relative h-4 text-2xs text-faint">
            {hour % SHOWN_EVERY === 0 && <span className="absolute left-0">{hour}:00</span>}
          </span>
        ))}
      </div>
    </ChartCard>
  );
}
