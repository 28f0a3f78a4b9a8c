// A process that books one time at Google and dies on the way: at a step of its own choice, or when it is killed.

import { once } from 'node:events';
import type { GoogleStandIn } from '../../../sandbox/vendors/google/google.ts';
import type { GoogleCalls } from '../../../src/calendar/google/google-calls.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { startLinkedClient } from './linked-client.ts';

/** After which step it dies; `never` says what has become of it. */
export const deaths = ['held', 'rechecked', 'marked', 'inserted', 'verified', 'confirmed'] as const;
export type Death = (typeof deaths)[number] | 'never';

export interface BookingTask {
  readonly connection: string;
  readonly clientId: string;
  readonly googleUrl: string;
  readonly startMs: number;
  readonly death: Death;
}

if (import.meta.main) {
  const [message] = (await once(process, 'message')) as [BookingTask];
  await book(message);
}

async function book({ connection, clientId, googleUrl, startMs, death }: BookingTask) {
  const dieAt = (step: Death) => {
    if (step === death) process.kill(process.pid, 'SIGKILL');
  };
  const stack = new AsyncDisposableStack();
  const client = await startLinkedClient(
    { after: (act) => stack.defer(act) },
    {
      connection,
      clientId,
      clock: systemClock,
      standIn: { url: googleUrl } as GoogleStandIn,
      wrap: (calls) => dying(calls, dieAt),
    },
  );
  const calendar = await client.open();
  const span = { startMs, endMs: startMs + 3_600_000 };
  const details = { name: 'Ann', phone: '+12025550123', reason: '', conversationId: undefined };
  const held = await calendar.hold(
    { slot: { ...span, resource: 0, during: span }, idemKey: 'one', holdMs: 60_000, details },
    new AbortController().signal,
  );
  dieAt('held');
  const result = held.status === 'taken' ? held : await calendar.confirm(held.bookingId);
  dieAt('confirmed');
  process.exitCode = result.status === 'confirmed' ? 0 : 1;
  await stack.disposeAsync();
  process.disconnect?.();
}

function dying(calls: GoogleCalls, dieAt: (step: Death) => void): GoogleCalls {
  let lists = 0;
  return {
    ...calls,
    async list(...asked) {
      const found = await calls.list(...asked);
      lists += 1;
      dieAt(lists === 1 ? 'rechecked' : 'verified');
      return found;
    },
    async insert(...asked) {
      dieAt('marked');
      const made = await calls.insert(...asked);
      dieAt('inserted');
      return made;
    },
  };
}
