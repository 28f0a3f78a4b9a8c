// What is known about a conversation: its summary, what was found out, and its figures.

import type { ReactNode } from 'react';
import { Link } from 'wouter';
import {
  formatCost,
  formatCount,
  formatDuration,
  formatMinutes,
  formatMoment,
  formatPhone,
  formatZone,
} from '../../lib/format.ts';
import { callerName } from '../../lib/callers.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import type { Conversation } from './export-conversation.ts';

const { conversations } = texts;

/** What was made of it afterwards; nothing where nothing is made. */
export function Review({ conversation }: { readonly conversation: Conversation }) {
  const { summary, review_state: state, resolved, follow_up: followUp } = conversation;
  const extracted = Object.entries(conversation.extracted);
  if (state === 'due') {
    return (
      <Card>
        <p role="status" className="flex items-center gap-2.5 text-sm text-muted">
          <Spinner />
          {conversations.reviewDue}
        </p>
      </Card>
    );
  }
  if (state === 'failed') {
    return (
      <Card>
        <p className="text-sm text-muted">{conversations.reviewFailed}</p>
      </Card>
    );
  }
  if (summary === '' && extracted.length === 0 && !followUp) return null;
  return (
    <Card
      title={conversations.summary}
      action={followUp && <Badge tone="warn">{conversations.needsFollowUp}</Badge>}
    >
      <p className="text-sm whitespace-pre-wrap">{summary}</p>
      {conversation.follow_up_reason !== '' && (
        <p className="mt-2 text-sm text-warn">{conversation.follow_up_reason}</p>
      )}
      {(resolved !== null || extracted.length > 0) && (
        <dl className="mt-3 space-y-1.5 border-t border-line pt-3 text-sm">
          {resolved !== null && (
            <Fact label={conversations.resolved}>{conversations.resolvedWords[resolved]}</Fact>
          )}
          {extracted.map(([name, value]) => (
            <Fact key={name} label={name}>
              {shown(value)}
            </Fact>
          ))}
        </dl>
      )}
    </Card>
  );
}

function shown(value: string | number | boolean | null): string {
  if (value === null || value === '') return '–';
  if (typeof value === 'boolean') return value ? conversations.yes : conversations.no;
  return String(value);
}

export function Facts({
  conversation,
  zone,
}: {
  readonly conversation: Conversation;
  readonly zone: string;
}) {
  const nowMs = useNow(60_000);
  const { cost, contact_id: contactId, client_id: clientId, end_reason: ending } = conversation;
  const { recorded_until: until, caller_phone: phone } = conversation;
  const outbound = conversation.direction === 'outbound';
  return (
    <Card title={conversations.details}>
      <dl className="space-y-1.5 text-sm">
        <Fact label={conversations.started}>
          {formatMoment(conversation.started_at, zone, nowMs)}
          <span className="block text-xs text-faint">{formatZone(zone, texts.ui.timesIn)}</span>
        </Fact>
        <Fact label={conversations.duration}>{formatDuration(conversation.duration)}</Fact>
        {ending && (
          <Fact label={conversations.ended}>
            {conversations.endings[outbound && ending === 'caller' ? 'called' : ending] ?? ending}
          </Fact>
        )}
        {until !== null && (
          <Fact label={conversations.recordedUntil}>{formatMoment(until, zone, nowMs)}</Fact>
        )}
        <Fact label={conversations.billed}>{formatMinutes(cost.billed_seconds)}</Fact>
        <Fact label={conversations.cost}>{formatCost(cost.cost_microdollars)}</Fact>
        <Fact label={conversations.tokens}>
          {formatCount(cost.input_tokens)} + {formatCount(cost.output_tokens)}
        </Fact>
        <Fact label={conversations.characters}>{formatCount(cost.characters)}</Fact>
        {phone && (
          <Fact label={conversations.number}>
            <a href={`tel:${phone}`} className="text-accent-text hover:underline">
              {formatPhone(phone)}
            </a>
          </Fact>
        )}
        {contactId && (
          <Fact label={conversations.contact}>
            <Link
              href={`/app/clients/${clientId}/contacts?contact=${contactId}`}
              className="text-accent-text hover:underline"
            >
              {callerName(conversation)}
            </Link>
          </Fact>
        )}
      </dl>
    </Card>
  );
}

/** To whom the caller was put through, when, and what came of it; nothing where they were not. */
export function PutThrough({
  conversation,
  zone,
}: {
  readonly conversation: Conversation;
  readonly zone: string;
}) {
  const nowMs = useNow(60_000);
  if (conversation.put_through.length === 0) return null;
  return (
    <Card title={conversations.putThrough}>
      <ol className="space-y-2.5 text-sm">
        {conversation.put_through.map((each) => (
          <li key={each.at}>
            <div className="flex justify-between gap-4">
              <span className="min-w-0 truncate">{each.name || conversations.fallbackNumber}</span>
              <span className="numbers shrink-0 text-muted">{formatPhone(each.phone_number)}</span>
            </div>
            <div className="flex justify-between gap-4">
              <Badge tone={each.state === 'accepted' ? 'good' : 'warn'}>
                {conversations.putThroughStates[each.state] ?? each.state}
              </Badge>
              <span className="numbers text-faint">{formatMoment(each.at, zone, nowMs)}</span>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="numbers min-w-0 wrap-anywhere text-right">{children}</dd>
    </div>
  );
}
