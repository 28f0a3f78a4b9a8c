// A client's week: what is booked, held and cancelled, and when Google is busy.

import { useState } from 'react';
import { ChevronLeft, ChevronRight, Settings2 } from 'lucide-react';
import { useParams, useSearchParams } from 'wouter';
import { useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { now } from '../../lib/clock.ts';
import { useClient } from '../../lib/clients.ts';
import { formatShortDay, formatZone } from '../../lib/format.ts';
import { useNarrow } from '../../lib/use-narrow.ts';
import { addDays, dayAt, isDay, weekOf } from '../../lib/zoned.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton, LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Failure, Skeleton } from '../../ui/states.tsx';
import { BookingDialog } from './booking-dialog.tsx';
import { WeekGrid } from './week-grid.tsx';
import { daysFrom } from './week.ts';

const { calendar } = texts;
const DAYS = 'GET /api/clients/{client_id}/calendar/days';
/** Somebody may be booking by telephone. */
const EVERY_MS = 15_000;
const STATUS_FRESH_MS = 60_000;

export type CalendarDays = Answer<typeof DAYS>;
export type Booking = CalendarDays['bookings'][number];

export function CalendarPage() {
  const { clientId = '' } = useParams();
  const client = useClient(clientId);
  const [search, setSearch] = useSearchParams();
  const narrow = useNarrow();
  const zone = client.data?.zone;
  const today = zone && dayAt(now(), zone);
  const asked = search.get('week') ?? '';
  const day = isDay(asked) ? asked : (today ?? '');
  const first = day === '' ? '' : weekOf(day);
  const days = useRead(
    DAYS,
    { params: { client_id: clientId }, query: { from: first, days: 7 } },
    { enabled: first !== '', everyMs: EVERY_MS, keep: true },
  );
  const [chosen, setChosen] = useState<string>();
  const booking = days.data?.bookings.find(({ id }) => id === chosen);
  const go = (to: string) => setSearch({ week: to }, { replace: true });
  const step = narrow ? 1 : 7;
  const waiting = days.data?.bookings.filter((each) => each.waiting).length ?? 0;
  return (
    <Page
      width="full"
      title={calendar.title}
      mark={<Connection clientId={clientId} />}
      description={formatZone(zone, texts.ui.timesIn)}
      actions={
        <>
          <span className="numbers mr-1 text-sm text-muted max-sm:w-full">
            {first !== '' &&
              calendar.week(formatShortDay(first), formatShortDay(addDays(first, 6)))}
          </span>
          <Button disabled={!today || day === today} onClick={() => today && go(today)}>
            {calendar.today}
          </Button>
          <IconButton
            icon={ChevronLeft}
            label={narrow ? calendar.dayBefore : calendar.before}
            onClick={() => go(addDays(day, -step))}
          />
          <IconButton
            icon={ChevronRight}
            label={narrow ? calendar.dayAfter : calendar.after}
            onClick={() => go(addDays(day, step))}
          />
          <LinkButton
            look="quiet"
            icon={Settings2}
            href={`/app/clients/${clientId}/settings/calendar`}
          >
            {calendar.connection}
          </LinkButton>
        </>
      }
    >
      <Broken clientId={clientId} />
      {waiting > 0 && (
        <Notice tone="warn" className="mb-4">
          {calendar.waiting(waiting)}
        </Notice>
      )}
      <Card flush>
        {days.data && zone && today ? (
          <WeekGrid
            answer={days.data}
            days={daysFrom(first, 7)}
            shown={narrow ? day : undefined}
            zone={zone}
            today={today}
            onDay={go}
            onBooking={({ id }) => setChosen(id)}
          />
        ) : days.isError || client.isError ? (
          <Failure error={days.error ?? client.error} retry={() => void days.refetch()} />
        ) : (
          <div role="status" aria-label={texts.ui.loading} className="p-5">
            <Skeleton className="h-[60vh] rounded-xl" />
          </div>
        )}
      </Card>
      {booking && zone && (
        <BookingDialog
          clientId={clientId}
          booking={booking}
          zone={zone}
          resources={days.data?.resources ?? []}
          onClose={() => setChosen(undefined)}
        />
      )}
    </Page>
  );
}

function useStatus(clientId: string) {
  return useRead(
    'GET /api/clients/{client_id}/calendar/status',
    { params: { client_id: clientId } },
    { freshMs: STATUS_FRESH_MS },
  ).data;
}

/** Nothing goes to Google any more, and only the owner can mend it. */
function Broken({ clientId }: { readonly clientId: string }) {
  if (useStatus(clientId)?.state !== 'broken') return null;
  return (
    <Notice
      tone="bad"
      className="mb-4"
      title={calendar.states['broken'] ?? ''}
      action={
        <LinkButton size="small" href={`/app/clients/${clientId}/settings/calendar`}>
          {calendar.connectAgain}
        </LinkButton>
      }
    >
      {calendar.brokenHint}
    </Notice>
  );
}

function Connection({ clientId }: { readonly clientId: string }) {
  const data = useStatus(clientId);
  if (!data) return null;
  if (data.state === 'not_connected') return <Badge>{calendar.builtIn}</Badge>;
  if (data.state === 'choose') return <Badge tone="warn">{calendar.choose}</Badge>;
  if (data.state === 'broken') return <Badge tone="bad">{calendar.states['broken']}</Badge>;
  if (data.state !== 'connected') return <Badge tone="warn">{calendar.broken}</Badge>;
  return <Badge tone="good">{calendar.connected(data.calendar?.name ?? data.account ?? '')}</Badge>;
}
