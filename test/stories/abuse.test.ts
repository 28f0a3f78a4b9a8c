// Whole calls in virtual time that would cost without end: sound without words (T42), and a caller who never stops (T41).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestCall } from '../support/virtual-calls/call.ts';

/** Longer than silence lasts before we hang up, prompts included. */
const PATIENCE_MS = 60_000;

const sounds: readonly [name: string, onMs: number, offMs: number][] = [
  ['silence', 0, 1000],
  ['music that never stops', 1000, 0],
  ['a fax that calls every three seconds', 500, 3000],
  ['a line that crackles', 60, 340],
];
for (const [name, onMs, offMs] of sounds) {
  test(`${name} is let go within a minute, and no model is paid for it`, async () => {
    const call = await startTestCall({ answers: [] });
    let passedMs = 0;
    while (!call.line.isOver && passedMs < PATIENCE_MS) {
      if (onMs > 0) await call.line.says('', onMs);
      if (offMs > 0) await call.line.isQuiet(offMs);
      passedMs += onMs + offMs;
    }
    assert.ok(call.line.isOver, 'the call ends');
    assert.equal(await call.finish(), 'silence');
    const asked = call.turns.filter(({ kind }) => kind === 'prompt').length;
    assert.ok(asked >= 1, 'it was asked whether anybody is there');
    assert.equal(
      call.turns.reduce((sum, { usage }) => sum + usage.inputTokens, 0),
      0,
    );
  });
}

test('a very long call asks the model for no more than a short one, and ends politely at its limit', async () => {
  const exchanges = 110;
  const call = await startTestCall({
    answers: Array.from(
      { length: exchanges + 1 },
      (_, n) => `Answer ${'so '.repeat(60)} number ${n}.`,
    ),
  });
  await call.line.hearsOut();
  for (let exchange = 0; exchange < exchanges; exchange += 1) {
    await call.line.says(
      `tell me about ${'many things and '.repeat(30)} topic number ${exchange}`,
      900,
    );
    await call.line.isQuietUntil(() => call.line.playing || call.line.isOver, 10_000);
    // Nobody listens to all of it.
    await call.line.isQuiet(300);
  }
  const sizes = call.model.requests.map((messages) => JSON.stringify(messages).length);
  assert.ok(sizes.length >= exchanges, `${sizes.length} requests`);
  const [half, last] = [sizes[Math.floor(sizes.length / 2)]!, sizes.at(-1)!];
  assert.ok(last < half * 1.2, `${half} characters at half time, ${last} at the end`);
  await call.line.isQuietUntil(() => !call.line.playing, 60_000);
  call.control.push({ type: 'wrap-up' });
  await call.line.hearsOut(60_000);
  assert.equal(call.turns.at(-1)?.kind, 'notice');
  call.control.push({ type: 'end', reason: 'max-duration' });
  await call.line.isQuietUntil(() => call.line.isOver, 10_000);
  assert.equal(await call.finish(), 'max-duration');
});
