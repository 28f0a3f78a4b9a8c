// What is heard of a line that echoes: the caller whole, and nothing of us.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EchoGate } from '../../../src/pipeline/hearing/echo-gate.ts';

const sound = () => new Int16Array(160).fill(1000);
const isSilent = (frame: Int16Array) => frame.every((sample) => sample === 0);

test('an echo is silence, anything else is passed on as it is', () => {
  const gate = new EchoGate();
  const frame = sound();
  assert.ok(isSilent(gate.pass(frame, { echo: true, voiced: false })));
  assert.equal(frame[0], 1000);
  assert.equal(gate.pass(frame, { echo: false, voiced: false }), frame);
});

test('the words of a caller are not chopped by what may be an echo within them', () => {
  const gate = new EchoGate();
  gate.pass(sound(), { echo: false, voiced: true });
  const passed = Array.from({ length: 20 }, () =>
    gate.pass(sound(), { echo: true, voiced: false }),
  );
  const heard = passed.findIndex(isSilent);
  assert.ok(heard >= 10 && heard <= 16, `${heard} frames`);
  assert.ok(passed.slice(heard).every(isSilent));
});
