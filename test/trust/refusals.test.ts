// Calls that may not come in: a sentence and the fallback number for the caller, no lease, no conversation, no vendor.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../../src/lib/clock.ts';
import type { Call } from '../../sandbox/phone/call.ts';
import { assertSound, effects, finished, greeted } from '../support/product/after-call.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestClientOptions } from '../support/product/test-client.ts';

const fallbackNumber = '+12025550188';
const TRIES_MAX = 6;

describe('a call that may not come in', { concurrency: 6 }, () => {
  test('inactive, without credit, in debt, barred by the audit: politely refused', async (t) => {
    const f = await startTestFrontdesk(t);
    const before = await effects(f);
    const sql = f.database.general;
    const refused: [name: string, options: TestClientOptions, said: RegExp][] = [
      ['inactive', { isActive: false }, /./],
      ['no credit', { seconds: 0 }, /./],
      ['less than a start takes', { seconds: 4 }, /./],
    ];
    for (const [name, options, said] of refused) {
      for (const fallback of [{}, { fallbackNumber }]) {
        const client = await f.addClient({ ...options, ...fallback });
        const dialled = 'fallbackNumber' in fallback ? [fallbackNumber] : [];
        await assertRefused(f, client.number, name, said, dialled);
      }
    }
    const barred = await f.addClient({ fallbackNumber });
    await sql`UPDATE clients SET audit_failed_at = now() WHERE id = ${barred.id}`;
    await assertRefused(f, barred.number, 'barred', /./, [fallbackNumber]);
    const deleted = await f.addClient();
    await sql`UPDATE clients SET deleted_at = now() WHERE id = ${deleted.id}`;
    await assertRefused(f, deleted.number, 'deleted', /not in service/, []);
    assert.deepEqual(await effects(f), before);
    await assertSound(f);
  });

  test('one call more than the client may have at once goes to the fallback number', async (t) => {
    const f = await startTestFrontdesk(t, { client: { concurrencyMax: 1, fallbackNumber } });
    const first = f.call();
    await greeted(first);
    const during = await effects(f);
    await assertRefused(f, f.client.number, 'too many', /./, [fallbackNumber]);
    assert.deepEqual(await effects(f), during);
    first.hangUp();
    await finished(f, first);
    const next = f.call();
    await greeted(next);
    next.hangUp();
    await finished(f, next);
    await assertSound(f);
  });

  test('a process that is full sends calls to the fallback number', async (t) => {
    const f = await startTestFrontdesk(t, { client: { fallbackNumber }, env: { CALLS_MAX: '1' } });
    const first = f.call();
    await greeted(first);
    await assertRefused(f, f.client.number, 'full', /./, [fallbackNumber]);
    first.hangUp();
    await finished(f, first);
    await assertSound(f);
  });

  test('a process that comes too late to its calls sends new ones on, and takes them when it is in time again', async (t) => {
    const client = { fallbackNumber, concurrencyMax: 20 };
    const f = await startTestFrontdesk(t, { client });
    const calls = Array.from({ length: 8 }, () => f.call());
    await Promise.all(calls.map((call) => greeted(call)));
    for (let count = 0; count < 10; count += 1) {
      const untilMs = systemClock.elapsed() + 200;
      while (systemClock.elapsed() < untilMs);
      await setImmediate();
    }
    await assertRefused(f, f.client.number, 'late', /./, [fallbackNumber]);
    const next = await admitted(f, calls[0]!);
    for (const call of [...calls, next]) call.hangUp();
    await Promise.all([...calls, next].map((call) => finished(f, call)));
    await assertSound(f);
  });
});

/** The first call that is taken: on a busy machine the process is late for longer than its own delay. `other` tells the time. */
async function admitted(f: TestFrontdesk, other: Call): Promise<Call> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const from = other.nowMs;
    await other.until(() => other.over || other.nowMs > from + 4000, 60_000);
    const call = f.call();
    const taken = greeted(call).then(
      () => true,
      () => false,
    );
    if (await Promise.race([taken, call.ended.then(({ streams }) => streams > 0)])) return call;
  }
  throw new Error('no call was taken');
}

async function assertRefused(
  f: TestFrontdesk,
  to: string,
  name: string,
  said: RegExp,
  dialled: string[],
): Promise<void> {
  const call = f.call({ to });
  const summary = await call.ended;
  assert.equal(summary.endedBy, 'twiml', name);
  assert.equal(summary.streams, 0, name);
  assert.equal(summary.said.length, 1, name);
  assert.match(summary.said[0]!, said, name);
  // Never why: that is between us and the owner.
  assert.doesNotMatch(summary.said[0]!, /credit|balance|debt|inactive|pay/i, name);
  const dials = call.history.flatMap((event) => (event.type === 'dial' ? [event.target] : []));
  assert.deepEqual(dials, dialled, name);
}
