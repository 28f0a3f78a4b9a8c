// Whole calls in virtual time with something on the line that is no caller: sound without words ends like silence.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestCall } from '../support/call.ts';

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
