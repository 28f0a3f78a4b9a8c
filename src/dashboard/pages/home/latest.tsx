// The latest of what callers did, and what comes next.

import { CalendarDays, Inbox, MessagesSquare } from 'lucide-react';
import { Link } from 'wouter';
import { callerDetail, callerName, messageFrom } from '../../lib/callers.ts';
import { useClientId } from '../../lib/clients.ts';
import {
  formatAgo,
  formatDuration,
  formatTime,
  formatWeekday,
  formatShortDay,
} from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { dayAt } from '../../lib/zoned.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Outcome } from '../../ui/outcome.tsx';
import { Empty } from '../../ui/states.tsx';
import type { Overview } from './home-page.tsx';

interface OverviewProps {
  readonly overview: Overview;
}

const MINUTE_MS = 60_000;
const cover = "after:absolute after:inset-0 after:content-['']";

/** Of several clients, whose it is; of one, nobody needs to be told. */
function nameOf({ clients }: Overview, clientId: string): string {
  if (clients.length < 2) return '';
  return clients.find((client) => client.client_id === clientId)?.name ?? '';
}

export function LatestCalls({ overview }: OverviewProps) {
  const nowMs = useNow(MINUTE_MS);
  const clientId = useClientId();
  return (
    <Card
      flush
      title={texts.home.recent}
      action={
        clientId && (
          <LinkButton look="quiet" size="small" href={`/app/clients/${clientId}/conversations`}>
            {texts.home.seeAll}
          </LinkButton>
        )
      }
    >
      {overview.calls.length === 0 ? (
        <Empty
          icon={MessagesSquare}
          title={texts.home.recentNone}
          compact
          action={
            clientId && (
              <LinkButton look="primary" href={`/app/clients/${clientId}/talk`}>
                {texts.home.testCall}
              </LinkButton>
            )
          }
        >
          {texts.home.recentNoneHint}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {overview.calls.map((call) => (
            <li
              key={call.id}
              className="relative flex items-center gap-3 px-4 py-3 text-sm hover:bg-hover/60 sm:px-5"
            >
              <span className="min-w-0 flex-1">
                <Link
                  href={`/app/clients/${call.client_id}/conversations/${call.id}`}
                  className={`block truncate font-medium ${cover}`}
                >
                  {callerName(call)}
                </Link>
                <span className="block truncate text-xs text-faint">
                  {[
                    // First: what is cut off on a phone is at the end.
                    formatAgo(call.started_at, nowMs),
                    callerDetail(call),
                    nameOf(overview, call.client_id),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <span className="numbers text-muted max-sm:hidden">
                {formatDuration(call.duration)}
              </span>
              <span className="flex shrink-0 justify-end sm:w-32">
                <Outcome outcome={call.outcome ?? 'answered'} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function LatestMessages({ overview }: OverviewProps) {
  const nowMs = useNow(MINUTE_MS);
  return (
    <Card flush title={texts.home.latestMessages}>
      {overview.messages.length === 0 ? (
        <Empty icon={Inbox} title={texts.home.messagesNone} compact>
          {texts.home.messagesNoneHint}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {overview.messages.map((message) => (
            <li key={message.id} className="relative px-4 py-3 text-sm hover:bg-hover/60 sm:px-5">
              <p className="flex items-center gap-2">
                {message.read_at === null && (
                  <span
                    className="size-2 shrink-0 rounded-full bg-accent"
                    role="img"
                    aria-label={texts.home.unread}
                  />
                )}
                <Link
                  href={`/app/clients/${message.client_id}/messages?message=${message.id}`}
                  className={`min-w-0 flex-1 truncate font-medium ${cover}`}
                >
                  {messageFrom(message)}
                </Link>
                {message.urgent && <Badge tone="bad">{texts.messages.urgent}</Badge>}
                <span className="shrink-0 text-xs text-faint">
                  {formatAgo(message.created_at, nowMs)}
                </span>
              </p>
              <p dir="auto" className="mt-0.5 line-clamp-2 wrap-anywhere text-muted">
                {message.text}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function NextAppointments({ overview }: OverviewProps) {
  return (
    <Card flush title={texts.home.next}>
      {overview.appointments.length === 0 ? (
        <Empty icon={CalendarDays} title={texts.home.nextNone} compact>
          {texts.home.nextNoneHint}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {overview.appointments.map((appointment) => {
            const client = overview.clients.find(
              ({ client_id: id }) => id === appointment.client_id,
            );
            const zone = client?.zone ?? 'UTC';
            const day = dayAt(Date.parse(appointment.starts_at), zone);
            return (
              <li
                key={appointment.id}
                className="relative flex items-center gap-3.5 px-4 py-2.5 text-sm hover:bg-hover/60 sm:px-5"
              >
                <span className="w-11 shrink-0 text-center">
                  <span className="block text-2xs text-faint">{formatWeekday(day)}</span>
                  <span className="numbers block font-medium">{formatShortDay(day)}</span>
                </span>
                <span className="min-w-0 flex-1">
                  <Link
                    href={`/app/clients/${appointment.client_id}/calendar?week=${day}`}
                    className={`block truncate font-medium ${cover}`}
                  >
                    {appointment.name}
                  </Link>
                  <span className="block truncate text-xs text-faint">
                    {[appointment.reason, nameOf(overview, appointment.client_id)]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </span>
                {appointment.status === 'held' && (
                  <Badge tone="warn">{texts.calendar.promised}</Badge>
                )}
                <span className="numbers shrink-0 text-muted">
                  {formatTime(appointment.starts_at, zone)}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
