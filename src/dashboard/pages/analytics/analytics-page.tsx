// What came of the calls, over the last weeks: totals, days, outcomes, answer times, hours.

import { ChartColumn } from 'lucide-react';
import { useParams, useSearchParams } from 'wouter';
import { useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import { formatCount, formatDuration } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { addDays, dayAt } from '../../lib/zoned.ts';
import { texts } from '../../texts/texts.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Card, Stat } from '../../ui/card.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Failure, Skeleton } from '../../ui/states.tsx';
import { BusyHours } from './busy-hours.tsx';
import { CallsByDay, LatencyByDay, MinutesByDay } from './days.tsx';
import { Outcomes } from './outcomes.tsx';

export type Report = Answer<'GET /api/clients/{client_id}/analytics'>;

const SPANS = ['7', '30', '90'] as const;
const USUAL = '30';
const DAY_MS = 86_400_000;

export function AnalyticsPage() {
  const { clientId } = useParams<{ clientId: string }>();
  const [search, setSearch] = useSearchParams();
  const span = SPANS.find((each) => each === search.get('days')) ?? USUAL;
  const client = useClient(clientId);
  const zone = client.data?.zone ?? 'UTC';
  const until = dayAt(useNow(DAY_MS / 24), zone);
  const query = { from: addDays(until, 1 - Number(span)), until };
  const options = { enabled: client.data !== undefined, keep: true };
  const report = useRead(
    'GET /api/clients/{client_id}/analytics',
    { params: { client_id: clientId }, query },
    options,
  );
  const hours = useRead(
    'GET /api/clients/{client_id}/analytics/hours',
    { params: { client_id: clientId }, query },
    options,
  );
  return (
    <Page
      title={texts.analytics.title}
      description={client.data && texts.analytics.description(zone.replaceAll('_', ' '))}
      actions={
        <Choice
          label={texts.analytics.span}
          value={span}
          onChange={(days) => setSearch(days === USUAL ? {} : { days }, { replace: true })}
          options={SPANS.map((value) => ({ value, label: texts.analytics.days(Number(value)) }))}
        />
      }
    >
      <QueryView
        query={report}
        loading={client.isError ? <Failure error={client.error} /> : <Loading />}
      >
        {({ days, totals }) =>
          totals.calls === 0 && totals.messages === 0 ? (
            <Card flush>
              <Empty
                icon={ChartColumn}
                title={texts.analytics.none}
                action={
                  <LinkButton look="primary" href={`/app/clients/${clientId}/talk`}>
                    {texts.home.testCall}
                  </LinkButton>
                }
              >
                {texts.analytics.noneHint}
              </Empty>
            </Card>
          ) : (
            <div className="space-y-5">
              <Totals totals={totals} />
              <CallsByDay days={days} />
              <div className="grid gap-5 lg:grid-cols-2">
                <LatencyByDay days={days} />
                <MinutesByDay days={days} />
                <Outcomes outcomes={totals.outcomes} />
                <QueryView query={hours} loading={<Skeleton className="h-72 rounded-xl" />}>
                  {({ hours: counted }) => <BusyHours hours={counted} />}
                </QueryView>
              </div>
            </div>
          )
        }
      </QueryView>
    </Page>
  );
}

function Totals({ totals }: { readonly totals: Report['totals'] }) {
  const { calls, minutes, bookings, messages } = totals;
  const percent = calls === 0 ? 0 : Math.round((100 * (totals.outcomes['booked'] ?? 0)) / calls);
  return (
    <div className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
      <Stat label={texts.analytics.calls} value={formatCount(calls)} />
      <Stat
        label={texts.analytics.bookings}
        value={formatCount(bookings)}
        note={texts.analytics.bookedShare(percent)}
      />
      <Stat
        label={texts.analytics.minutes}
        value={formatCount(Math.round(minutes))}
        note={calls > 0 && texts.analytics.perCall(formatDuration((minutes * 60) / calls))}
      />
      <Stat label={texts.analytics.messages} value={formatCount(messages)} />
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={texts.ui.loading} className="space-y-5">
      <div className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
        {SPANS.map((each) => (
          <Skeleton key={each} className="h-24 rounded-xl" />
        ))}
        <Skeleton className="h-24 rounded-xl" />
      </div>
      <Skeleton className="h-72 rounded-xl" />
    </div>
  );
}
