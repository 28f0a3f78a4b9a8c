// The talk time used on each of the last thirty days, and in this month.

import { ChartColumn } from 'lucide-react';
import { useRead } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import { formatCount, formatDay, formatMinutes, formatShortDay } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { addDays, dayAt } from '../../lib/zoned.ts';
import { texts } from '../../texts/texts.ts';
import { BarChart, ChartCard } from '../../ui/charts.tsx';
import { DownloadLink } from '../../ui/download-link.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Skeleton } from '../../ui/states.tsx';

const DAYS = 30;
const HOUR_MS = 3_600_000;

/** Of the last thirty-one days, which have the whole of this month. */
export function useDailyUsage(clientId: string) {
  const client = useClient(clientId);
  const until = dayAt(useNow(HOUR_MS), client.data?.zone ?? 'UTC');
  const usage = useRead(
    'GET /api/clients/{client_id}/usage',
    { params: { client_id: clientId }, query: { by: 'day', from: addDays(until, -DAYS), until } },
    { enabled: client.data !== undefined },
  );
  return { usage, until };
}

export function Usage({ clientId }: { readonly clientId: string }) {
  const { usage, until } = useDailyUsage(clientId);
  const from = addDays(until, 1 - DAYS);
  return (
    <QueryView query={usage} loading={<Skeleton className="h-72 rounded-xl" />}>
      {(answer) => {
        const found = new Map(answer.map((row) => [row.date, row]));
        const days = Array.from({ length: DAYS }, (_, index) => addDays(from, index));
        const secondsOf = (day: string) => {
          const row = found.get(day);
          return row ? row.call_seconds + row.chat_seconds : 0;
        };
        return (
          <ChartCard
            title={texts.billing.usageTitle}
            table={{
              head: [texts.billing.day, texts.billing.calls, texts.billing.minutes],
              rows: days.map((day) => [
                day,
                formatCount(found.get(day)?.calls ?? 0),
                formatMinutes(secondsOf(day)),
              ]),
            }}
            action={
              <DownloadLink
                href={`/api/clients/${clientId}/usage.csv?by=day&from=${from}&until=${until}`}
              >
                {texts.billing.exportCsv}
              </DownloadLink>
            }
          >
            {answer.every(({ date }) => secondsOf(date) === 0) ? (
              <Empty icon={ChartColumn} compact title={texts.billing.usageNone}>
                {texts.billing.usageNoneHint}
              </Empty>
            ) : (
              <BarChart
                label={texts.billing.usageTitle}
                names={days.map(formatShortDay)}
                titles={days.map(formatDay)}
                series={[
                  {
                    name: texts.billing.minutes,
                    color: 1,
                    values: days.map((day) => Math.round(secondsOf(day) / 6) / 10),
                  },
                ]}
                format={formatCount}
              />
            )}
          </ChartCard>
        );
      }}
    </QueryView>
  );
}
