// The charts that have a place for each day.

import { formatCount, formatDay, formatLatency, formatShortDay } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { BarChart, ChartCard, LineChart } from '../../ui/charts.tsx';
import type { Series } from '../../ui/charts.tsx';
import type { Report } from './analytics-page.tsx';

export interface DaysProps {
  readonly days: Report['days'];
}

const namesOf = (days: Report['days']) => days.map(({ date }) => formatShortDay(date));
const titlesOf = (days: Report['days']) => days.map(({ date }) => formatDay(date));

export function CallsByDay({ days }: DaysProps) {
  const series: Series[] = [
    { name: texts.analytics.calls, color: 1, values: days.map(({ calls }) => calls) },
    { name: texts.analytics.bookings, color: 2, values: days.map(({ bookings }) => bookings) },
  ];
  return (
    <ChartCard
      title={texts.analytics.callsByDay}
      legend={series}
      table={{
        head: [
          texts.analytics.day,
          texts.analytics.calls,
          texts.analytics.bookings,
          texts.analytics.messages,
        ],
        rows: days.map((day) => [
          day.date,
          formatCount(day.calls),
          formatCount(day.bookings),
          formatCount(day.messages),
        ]),
      }}
    >
      <BarChart
        label={texts.analytics.callsByDay}
        names={namesOf(days)}
        titles={titlesOf(days)}
        series={series}
        format={formatCount}
      />
    </ChartCard>
  );
}

export function MinutesByDay({ days }: DaysProps) {
  return (
    <ChartCard
      title={texts.analytics.minutesByDay}
      table={{
        head: [texts.analytics.day, texts.analytics.minutes],
        rows: days.map(({ date, minutes }) => [date, formatCount(minutes)]),
      }}
    >
      <BarChart
        label={texts.analytics.minutesByDay}
        names={namesOf(days)}
        titles={titlesOf(days)}
        series={[
          { name: texts.analytics.minutes, color: 1, values: days.map(({ minutes }) => minutes) },
        ]}
        format={formatCount}
      />
    </ChartCard>
  );
}

export function LatencyByDay({ days }: DaysProps) {
  const series: Series[] = [
    {
      name: texts.analytics.p50,
      color: 1,
      values: days.map(({ response_ms: response }) => response.p50),
    },
    {
      name: texts.analytics.p95,
      color: 3,
      values: days.map(({ response_ms: response }) => response.p95),
    },
  ];
  return (
    <ChartCard
      title={texts.analytics.latency}
      description={texts.analytics.latencyText}
      legend={series}
      table={{
        head: [texts.analytics.day, texts.analytics.p50, texts.analytics.p95],
        rows: days.map(({ date, response_ms: response }) => [
          date,
          formatLatency(response.p50),
          formatLatency(response.p95),
        ]),
      }}
    >
      <LineChart
        label={texts.analytics.latency}
        names={namesOf(days)}
        titles={titlesOf(days)}
        series={series}
        format={formatLatency}
      />
    </ChartCard>
  );
}
