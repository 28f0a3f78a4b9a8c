// Prepaid seconds at their end: never more sold than bought, however many call at once, and a polite end.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../../sandbox/phone/call.ts';
import { stockSentences } from '../../src/reception/stored-speech/stock-sentences.ts';
import { assertSound, eventually, finished } from '../support/product/after-call.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk } from '../support/product/frontdesk.ts';

const CREDIT = 10;
/** The promise is 500 ms beyond the quota; on a busy machine the phone itself is later than that. */
const OVERRUN_MS = 4000;

describe('the end of credit', { concurrency: 2 }, () => {
  for (const callers of [2, 20]) {
    test(`${callers} callers on ten seconds`, async (t) => {
      const f = await startTestFrontdesk(t, {
        client: { seconds: CREDIT, concurrencyMax: 50 },
        timers: {
          meter: { startSecondsMin: 1, headroomSeconds: 4, beatMs: 1000, beatJitterMs: 100 },
        },
      });
      const watching = new AbortController();
      const watched = watchBalance(f, watching.signal);
      const calls = Array.from({ length: callers }, () => f.call());
      const summaries = await Promise.all(calls.map((call) => call.ended));
      watching.abort();
      const balances = await watched;

      const connectedMs = summaries.reduce((sum, each) => sum + each.connectedMs, 0);
      const served = summaries.filter(({ streams }) => streams > 0);
      assert.ok(served.length >= 1);
      assert.ok(connectedMs <= CREDIT * 1000 + served.length * (OVERRUN_MS + 1000));
      for (const call of calls) {
        if ((await call.ended).streams === 0) assert.equal((await call.ended).said.length, 1);
      }
      const [books] = await f.database.general<[{ balance: number; billed: number }]>`
      SELECT balance_seconds::int AS balance,
        (SELECT coalesce(sum(billed_seconds), 0)::int FROM call_leases WHERE client_id = c.id) AS billed
      FROM clients c WHERE id = ${f.client.id}`;
      assert.ok(books.billed <= CREDIT);
      assert.equal(books.balance, CREDIT - books.billed);
      assert.ok(balances.length > 5);
      assert.ok(balances.every(({ balance, reserved }) => balance >= 0 && reserved <= balance));
      await assertSound(f);
    });
  }

  test('a call that runs into the end of its credit: told in time, closed on time, charged in full', async (t) => {
    const seconds = 9;
    const f = await startTestFrontdesk(t, {
      client: { seconds },
      timers: {
        meter: {
          startSecondsMin: 1,
          wrapUpMs: 5500,
          headroomSeconds: 4,
          beatMs: 1000,
          beatJitterMs: 100,
        },
      },
    });
    const call = f.call();
    const record = await finished(f, call);
    const { summary } = record;
    assert.equal(summary.endedBy, 'rest');
    assert.equal(record.conversation.endReason, 'credit');
    assert.equal(record.billed, seconds);
    const overMs = summary.connectedMs - seconds * 1000;
    t.diagnostic(`closed ${Math.round(overMs)} ms after the end of the credit`);
    // A begun second is a whole one: closing 15 ms late counts as one second more. A busy machine is later.
    assert.ok(record.leases[0]!.overrunSeconds <= OVERRUN_MS / 1000);
    assert.ok(Math.abs(overMs) <= OVERRUN_MS, `closed ${overMs} ms after the end of the credit`);
    const last = record.utterances.at(-1)!;
    assert.equal(last.role, 'assistant');
    assert.ok(stockSentences.wrapUp.startsWith(last.content.slice(0, 30)), last.content);
    assert.doesNotMatch(stockSentences.wrapUp, /credit|balance|money|paid/i);
    assert.ok(spokeAfter(call, seconds * 1000 - 5500));
    await assertSound(f);
  });
});

function spokeAfter(call: Call, ms: number): boolean {
  const startedMs = call.line!.startedMs!;
  return call.earpiece.spans.some(({ endMs }) => endMs > startedMs + ms);
}

interface Balance {
  readonly balance: number;
  readonly reserved: number;
}

async function watchBalance(f: TestFrontdesk, signal: AbortSignal): Promise<Balance[]> {
  const seen: Balance[] = [];
  return eventually('the end of the calls', async () => {
    const [row] = await f.database.general<[Balance]>`
      SELECT balance_seconds::int AS balance, reserved_seconds::int AS reserved
      FROM clients WHERE id = ${f.client.id}`;
    seen.push(row);
    return signal.aborted ? seen : undefined;
  });
}
