// How a delivery went, as a badge, and when it is tried next, in words.

import { texts } from '../../texts/texts.ts';
import { formatMoment } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Tone } from '../../ui/badge.tsx';
import type { Answer } from '../../lib/api.ts';

export type Delivery = Answer<'GET /api/clients/{client_id}/deliveries/{delivery_id}'>;

const { deliveries } = texts;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What is further ahead is told by the clock. */
const SOON_MS = 12 * HOUR_MS;
const tones: Readonly<Record<Delivery['state'], Tone>> = {
  waiting: 'accent',
  delivered: 'good',
  failed: 'bad',
  dropped: 'neutral',
};

export function DeliveryState({ state }: Pick<Delivery, 'state'>) {
  return (
    <Badge tone={tones[state]} live={state === 'waiting'}>
      {deliveries.states[state]}
    </Badge>
  );
}

/** `in 12 min`; the clock's time where that is far ahead. */
export function formatNextTry(at: string, zone: string, nowMs: number): string {
  const { nextTries } = deliveries;
  const aheadMs = Date.parse(at) - nowMs;
  if (aheadMs <= 0) return nextTries.due;
  if (aheadMs < MINUTE_MS) return nextTries.inSeconds(Math.ceil(aheadMs / 1000));
  if (aheadMs < HOUR_MS) return nextTries.inMinutes(Math.round(aheadMs / MINUTE_MS));
  if (aheadMs < SOON_MS) return nextTries.inHours(Math.round(aheadMs / HOUR_MS));
  return formatMoment(at, zone, nowMs);
}

/** Whether asking again would do anything. */
export function canSendAgain({ state, kind, attempts }: Delivery): boolean {
  return (
    state === 'failed' ||
    (state === 'dropped' && kind === 'webhook') ||
    (state === 'waiting' && attempts > 0)
  );
}
