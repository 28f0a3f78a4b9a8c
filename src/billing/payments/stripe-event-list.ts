// The messages of Stripe since a time, oldest first, a page of them at once: Stripe itself lists the newest first.

import type { Stripe } from 'stripe';
import { AppError } from '../../lib/errors.ts';

/** Of one request; Stripe's own limit. */
const PAGE = 100;
/** Of one second: more than Stripe could be asked to do in it. */
const SECOND_PAGES_MAX = 100;

interface Span {
  readonly gte: number;
  readonly lt?: number;
}

/** One request for messages created in a span of Unix time, `until` exclusive; newest first. */
export type AskForEvents = (asked: {
  readonly created: Span;
  readonly limit: number;
  readonly starting_after?: string;
}) => Promise<{ readonly data: Stripe.Event[]; readonly has_more: boolean }>;

export interface EventPage {
  /** Oldest first. */
  readonly events: readonly Stripe.Event[];
  /** Unix time: what was created before it has been given. */
  readonly before: number;
}

/**
 * Goes through time in spans that fit into one request each: half as long when there is more in it, twice as long when there is
 * not. Never more than a page is kept.
 */
export async function* pagesOfEvents(
  ask: AskForEvents,
  { since, now }: { readonly since: number; readonly now: number },
): AsyncGenerator<EventPage> {
  let from = since;
  let span = Math.max(1, now - since);
  for (;;) {
    // What is newer than our clock says belongs to the last span.
    const last = from + span >= now;
    const created = last ? { gte: from } : { gte: from, lt: from + span };
    const { data, has_more: more } = await ask({ created, limit: PAGE });
    if (!more) {
      yield { events: data.toReversed(), before: last ? Math.max(now, from) : from + span };
      if (last) return;
      from += span;
      span *= 2;
    } else if (span > 1) {
      span = Math.floor(Math.min(span, now - from) / 2) || 1;
    } else {
      yield* pagesOfSecond(ask, created, data);
      if (last) return;
      from += 1;
    }
  }
}

/** What came first cannot be told within a second, so its pages go as they come. */
async function* pagesOfSecond(
  ask: AskForEvents,
  created: Span,
  first: readonly Stripe.Event[],
): AsyncGenerator<EventPage> {
  const before = created.gte;
  let data = first;
  for (let pages = 1; pages < SECOND_PAGES_MAX; pages += 1) {
    yield { events: data.toReversed(), before };
    const last = data.at(-1);
    if (!last) return;
    const page = await ask({ created, limit: PAGE, starting_after: last.id });
    ({ data } = page);
    if (page.has_more) continue;
    yield { events: data.toReversed(), before };
    return;
  }
  throw new AppError('vendor_failed', 'stripe: a second of messages without an end');
}
