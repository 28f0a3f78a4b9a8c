// Kills a process in the middle of a booking, lets the reconciler look after what it left, and holds our table against Google.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../src/lib/clock.ts';
import { eventually } from '../product/after-call.ts';
import { assertAgreement, bookingsOf } from './agreement.ts';
import type { BookingTask, Death } from './booking-process.ts';
import { diaryOf, startLinkedClient } from './linked-client.ts';
import type { LinkedClient } from './linked-client.ts';

const program = fileURLToPath(new URL('booking-process.ts', import.meta.url));
const HOUR = 3_600_000;

export type Moment =
  /** `stored`: Google has the event and says nothing more. */
  { readonly at: Death | 'stored' } | { readonly afterMs: number };

/** What became of the appointment; the same for us and for Google. */
export async function killedBooking(
  t: { after(act: () => Promise<void>): void },
  moment: Moment,
): Promise<'confirmed' | 'nothing'> {
  const client = await startLinkedClient(t, {
    clock: systemClock,
    timers: { missingMs: 0, leaseMs: 1 },
  });
  const startMs = Math.ceil(systemClock.now() / HOUR) * HOUR + 48 * HOUR;
  await begin(client, moment, startMs);
  // Long enough that nobody can be on the way any more.
  for (let round = 0; round < 3; round += 1) {
    await client.due();
    await client.reconcile();
  }
  const rows = await bookingsOf(client);
  const confirmed = rows.filter(({ status }) => status === 'confirmed').length;
  assert.ok(confirmed <= 1);
  await assertAgreement(client, confirmed);
  await assertTruth(client, startMs, confirmed === 1);
  return confirmed === 1 ? 'confirmed' : 'nothing';
}

async function begin(client: LinkedClient, moment: Moment, startMs: number): Promise<void> {
  const { connection, clientId, google } = client;
  const death = 'at' in moment && moment.at !== 'stored' ? moment.at : 'never';
  if ('at' in moment && moment.at === 'stored') {
    google.faults.add({ on: 'stored', match: 'POST /calendar', do: 'stall' });
  }
  const child = fork(program, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const task: BookingTask = { connection, clientId, googleUrl: google.url, startMs, death };
  child.send(task);
  if ('afterMs' in moment) {
    await eventually('a hold, or an end', async () =>
      child.exitCode !== null || (await bookingsOf(client)).length > 0 ? true : undefined,
    );
    await systemClock.sleep(moment.afterMs);
    child.kill('SIGKILL');
  } else if (moment.at === 'stored') {
    await eventually('the event', async () => diaryOf(client).live[0]);
    child.kill('SIGKILL');
  }
  await ended;
  assert.equal((await bookingsOf(client)).length, 1, 'it has begun');
}

/** The next caller for the same time hears what is so. */
async function assertTruth(client: LinkedClient, startMs: number, taken: boolean): Promise<void> {
  const calendar = await client.open();
  const span = { startMs, endMs: startMs + HOUR };
  const details = { name: 'Ben', phone: undefined, reason: '', conversationId: undefined };
  const held = await calendar.hold(
    { slot: { ...span, resource: 0, during: span }, idemKey: 'two', holdMs: 60_000, details },
    new AbortController().signal,
  );
  assert.equal(held.status, taken ? 'taken' : 'held');
  if (held.status === 'taken') return;
  assert.equal((await calendar.confirm(held.bookingId)).status, 'confirmed');
  await assertAgreement(client, 1);
}
