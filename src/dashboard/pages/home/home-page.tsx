// Home: what is going on now, what today has brought, and what needs the owner.

import { Sparkles } from 'lucide-react';
import { useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { formatCount, formatLatency, formatMinutes } from '../../lib/format.ts';
import { useMe } from '../../lib/me.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Stat } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Skeleton } from '../../ui/states.tsx';
import { Balances, LowBalances } from './balances.tsx';
import { LatestCalls, LatestMessages, NextAppointments } from './latest.tsx';
import { LiveNow } from './live-now.tsx';
import { Notices } from './notices.tsx';

export type Overview = Answer<'GET /api/overview'>;

const EVERY_MS = 20_000;
const MINUTE_MS = 60_000;

export function HomePage() {
  const overview = useRead('GET /api/overview', {}, { everyMs: EVERY_MS });
  const { data: me } = useMe();
  const hour = new Date(useNow(MINUTE_MS)).getHours();
  const name = me?.display_name.split(' ')[0] ?? '';
  return (
    <Page title={texts.home.greeting(hour, name)} tabTitle={texts.home.title}>
      <QueryView query={overview} loading={<Loading />}>
        {(answer) => (answer.clients.length === 0 ? <Welcome /> : <Today overview={answer} />)}
      </QueryView>
    </Page>
  );
}

function Today({ overview }: { readonly overview: Overview }) {
  const { clients, response_ms: response } = overview;
  const sum = (count: (client: Overview['clients'][number]) => number) =>
    clients.reduce((total, client) => total + count(client), 0);
  const minutes = sum((client) => client.minutes);
  return (
    <div className="space-y-5">
      <LowBalances clients={clients} />
      <Notices />
      <div className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
        <Stat
          label={texts.home.callsToday}
          value={formatCount(sum(({ calls }) => calls))}
          note={texts.home.minutesToday(Math.round(minutes))}
        />
        <Stat
          label={texts.home.bookingsToday}
          value={formatCount(sum(({ bookings }) => bookings))}
          note={texts.home.appointmentsToday(sum(({ appointments }) => appointments))}
        />
        <Stat
          label={texts.home.latency}
          value={formatLatency(response.p50)}
          note={
            response.p95 === null
              ? texts.home.latencyNone
              : texts.home.latencyNote(formatLatency(response.p95))
          }
        />
        <Stat
          label={texts.home.minutesLeft}
          value={formatMinutes(sum((client) => Math.max(0, client.balance_seconds)))}
          note={texts.home.minutesLeftOf(clients.length)}
        />
      </div>
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)]">
        <div className="min-w-0 space-y-5">
          <LiveNow />
          <LatestCalls overview={overview} />
        </div>
        <div className="min-w-0 space-y-5">
          <LatestMessages overview={overview} />
          <NextAppointments overview={overview} />
          {clients.length > 1 && <Balances clients={clients} />}
        </div>
      </div>
    </div>
  );
}

function Welcome() {
  return (
    <div className="rounded-2xl border border-line bg-surface shadow-card">
      <Empty
        icon={Sparkles}
        title={texts.home.welcome}
        action={
          <LinkButton look="primary" href="/app/clients/new">
            {texts.home.setUp}
          </LinkButton>
        }
      >
        {texts.home.welcomeHint}
      </Empty>
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={texts.ui.loading} className="space-y-5">
      <div className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
        {['calls', 'bookings', 'latency', 'minutes'].map((each) => (
          <Skeleton key={each} className="h-24 rounded-xl" />
        ))}
      </div>
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)]">
        <Skeleton className="h-72 rounded-xl" />
        <Skeleton className="h-72 rounded-xl" />
      </div>
    </div>
  );
}
