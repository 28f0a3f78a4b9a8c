// Tests of the script of faults: counting, matching, what it refuses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, FaultScript, garble, mutate, parseFaults, spoil } from '../../sandbox/faults.ts';

test('a fault strikes from its turn on, so often as it says, and is then forgotten', () => {
  const script = new FaultScript();
  script.add({ on: 'message', nth: 2, times: 2, do: 'drop' });
  const struck = Array.from({ length: 5 }, () => script.next('message')?.do);
  assert.deepEqual(struck, [undefined, 'drop', 'drop', undefined, undefined]);
  assert.deepEqual(script.faults, []);
});

test('only its own point and only what matches counts', () => {
  const script = new FaultScript();
  script.add({ on: 'message', match: '"done"', nth: 2, do: 'stall' });
  assert.equal(script.next('connect'), undefined);
  assert.equal(script.next('message', '{"type":"chunk"}'), undefined);
  assert.equal(script.next('message', '{"type":"done"}'), undefined);
  assert.equal(script.next('message', '{"type":"done"}')?.do, 'stall');
});

test('a script from outside is checked', () => {
  assert.equal(parseFaults('[{"on":"request","do":"status:503"}]').length, 1);
  for (const bad of [
    '{}',
    '[{"on":"never","do":"drop"}]',
    '[{"on":"message","do":"status:9"}]',
    '[null]',
    '[',
  ]) {
    assert.throws(() => parseFaults(bad), bad);
  }
  const script = new FaultScript();
  const many = Array.from({ length: 65 }, () => ({ on: 'message', do: 'drop' }) as const);
  assert.throws(() => script.add(...many), RangeError);
});

test('codes are read, and what is garbled is no JSON', () => {
  assert.equal(codeOf({ on: 'connect', do: 'status:429' }), 429);
  assert.equal(codeOf({ on: 'message', do: 'close:1011' }), 1011);
  assert.equal(codeOf({ on: 'message', do: 'close' }), undefined);
  assert.throws(() => JSON.parse(garble('{"type":"done"}')) as unknown, SyntaxError);
});

test('what is mutated differs from the message, each time another way, and is the same for the same seed', () => {
  const message = '{"type":"chunk","data":"abcdef","done":false,"step":12.5}';
  const mutants = Array.from({ length: 200 }, (_, seed) => mutate(message, seed));
  assert.ok(new Set(mutants).size > 100);
  assert.ok(mutants.filter((each) => each === message).length < 20);
  assert.equal(mutate(message, 17), mutants[17]);
  assert.ok(spoil('huge', message, 1)[0]!.length > 20 * 1024 * 1024);
  assert.equal(spoil('repeat', message, 1).length, 500);
});
