// The toolbox: arguments checked, failures told to the model, runs bounded, and done even when nobody waits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietLog } from '../../../src/lib/log.ts';
import { Toolbox } from '../../../src/pipeline/thinking/toolbox.ts';
import type { OnTool, ToolOutcome } from '../../../src/pipeline/thinking/toolbox.ts';
import type { Tool, ToolContext } from '../../../src/pipeline/types.ts';
import { VirtualClock } from '../../support/clock.ts';

function toolbox(run: Tool['run'], over = new AbortController(), onTool?: OnTool) {
  const clock = new VirtualClock();
  const context: ToolContext = {
    signal: over.signal,
    callId: 'c',
    clientId: 'd',
    callerPhone: undefined,
    hangUp: () => {},
    transfer: () => {},
    press: () => {},
    stay() {},
    said: () => [],
    typed: false,
  };
  const parameters = {
    type: 'object',
    required: ['day'],
    properties: { day: { type: 'string', maxLength: 10 }, count: { type: 'integer' } },
    additionalProperties: false,
  };
  const tool: Tool = { name: 'look', description: '', parameters, run };
  const box = new Toolbox({ clock, log: quietLog, tools: [tool], context, onTool });
  const recorded: ToolOutcome[] = [];
  const use = (name: string, args: string) =>
    box.run({ id: 'x', name, arguments: args }, (outcome) => recorded.push(outcome));
  return { box, clock, recorded, use, over };
}

test('wrong calls never reach the tool, and the model is told why', async () => {
  let runs = 0;
  const { use, recorded } = toolbox(async () => {
    runs += 1;
    return { text: 'ok' };
  });
  const table: [name: string, args: string, told: RegExp][] = [
    ['erase', '{}', /no tool named "erase"/],
    ['look', '{"day": "mon', /not valid JSON/],
    ['look', '[]', /not valid JSON/],
    ['look', '"mon"', /not valid JSON/],
    ['look', 'null', /not valid JSON/],
    ['look', '', /arguments/],
    ['look', '{}', /day/],
    ['look', '{"day": 7}', /day/],
    ['look', '{"day": "a very long day"}', /day/],
    ['look', '{"day": "mon", "count": 1.5}', /count/],
    ['look', '{"day": "mon", "price": 0}', /arguments/],
    ['x'.repeat(500), '{}', /no tool named "x{60}"/],
  ];
  for (const [name, args, told] of table) {
    const { result, run } = await use(name, args);
    assert.match(result.text, /^Error: /);
    assert.match(result.text, told);
    assert.equal(run.failed, true);
  }
  assert.equal(runs, 0);
  assert.equal(recorded.length, table.length);
  const { run } = await use('look', '{"day": "mon", "count": 2}');
  const { id, ...rest } = run;
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(rest, {
    name: 'look',
    arguments: '{"day": "mon", "count": 2}',
    result: 'ok',
    elapsedMs: 0,
    failed: false,
  });
});

test('a tool that throws is a result that says so, without the reason', async () => {
  const { use } = toolbox(() => Promise.reject(new Error('password hunter2')));
  const { result, run } = await use('look', '{"day": "mon"}');
  assert.equal(run.failed, true);
  assert.match(result.text, /did not work/);
  assert.doesNotMatch(result.text, /hunter2/);
});

test('a tool that ran and tells of a failure is shown as failed, in its own words', async () => {
  const { use } = toolbox(async () => ({ text: 'The service answered 503.', failed: true }));
  const { result, run } = await use('look', '{"day": "mon"}');
  assert.deepEqual([result.text, run.failed], ['The service answered 503.', true]);
});

test('whoever watches is told of a run as it begins and, under the same id, as it ends', async () => {
  const told: unknown[] = [];
  const done = Promise.withResolvers<{ text: string }>();
  const { use, recorded } = toolbox(
    () => done.promise,
    new AbortController(),
    ({ id, name, arguments: given }) => {
      told.push(['begins', name, given]);
      return ({ run }) => told.push(['ends', run.id === id, run.result, recorded.length]);
    },
  );
  const running = use('look', '{"day": "mon"}');
  assert.deepEqual(told, [['begins', 'look', '{"day": "mon"}']]);
  done.resolve({ text: 'ok' });
  const first = await running;
  // Before the turn takes note of it: a turn that is over does not.
  assert.deepEqual(told.slice(1), [['ends', true, 'ok', 0]]);
  assert.notEqual((await use('look', '{"day": "mon"}')).run.id, first.run.id);
});

test('a tool that hangs is given up after 20 s', async () => {
  const { use, clock, box } = toolbox(() => new Promise(() => {}));
  const running = use('look', '{"day": "mon"}');
  assert.equal(box.busy, true);
  await clock.advance(20_001);
  assert.equal((await running).run.failed, true);
  assert.equal(box.busy, false);
  assert.equal(clock.pending, 0);
});

test('thirty runs in a call, then no more; refused calls that no tool saw do not count', async () => {
  let runs = 0;
  const { use } = toolbox(async () => {
    runs += 1;
    return { text: 'ok' };
  });
  for (let count = 0; count < 35; count += 1) await use('erase', '{}');
  for (let count = 0; count < 35; count += 1) await use('look', '{"day": "mon"}');
  assert.equal(runs, 30);
  assert.match((await use('look', '{"day": "mon"}')).result.text, /Too many tools/);
});

test('a long result is cut before the model reads it', async () => {
  const { use } = toolbox(async () => ({ text: 'x'.repeat(20_000), say: 'hello' }));
  const { result } = await use('look', '{"day": "mon"}');
  assert.equal(result.text.length, 8000);
  assert.equal(result.say, 'hello');
});

test('when the call is over nobody waits, but the tool runs to its end and is recorded', async () => {
  const { promise, resolve } = Promise.withResolvers<{ text: string }>();
  const { use, over, recorded, box } = toolbox(() => promise);
  const running = use('look', '{"day": "mon"}');
  over.abort(new Error('the call is over'));
  await assert.rejects(running, /the call is over/);
  assert.equal(recorded.length, 0);
  resolve({ text: 'booked' });
  await box.idle();
  assert.equal(recorded[0]!.run.result, 'booked');
});
