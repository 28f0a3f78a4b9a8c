// The command line of `npm run call`, and the script it makes of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { help, readCallOptions } from '../../scripts/call/options.ts';
import { scriptFor } from '../../scripts/call/script.ts';

function script(args: readonly string[], index = 0) {
  return scriptFor(readCallOptions(args, {})!, '+15550002222', index);
}

test('a bare call books', () => {
  const { steps, voice, from } = script([]);
  assert.deepEqual(
    steps.map((step) => step.do),
    ['converse'],
  );
  assert.equal(voice, 'kal');
  assert.equal(from, '+14155550123');
});

test('lines are said in order, the first one as a barge-in', () => {
  assert.deepEqual(
    script(['--say', 'a', '--say', 'b', '--barge-in', '400', '--dtmf', '1#']).steps,
    [
      { do: 'barge-in', afterMs: 400, text: 'a' },
      { do: 'press', digits: '1#' },
      { do: 'say', text: 'b' },
    ],
  );
});

test('a silent caller stays', () => {
  const { steps, stay, hangUpAfterMs } = script(['--silent', '--hang-up-after', '2.5']);
  assert.deepEqual([steps, stay, hangUpAfterMs], [[], true, 2500]);
});

test('callers at once have numbers of their own', () => {
  assert.equal(script(['--calls', '3', '--from', '+15550000009'], 2).from, '+15550000011');
  assert.equal(script(['--from', 'anonymous'], 2).from, 'anonymous');
});

test('what cannot be is refused with a sentence', () => {
  for (const args of [
    ['--voice', 'bass'],
    ['--barge-in', 'soon'],
    ['--dtmf', 'x'],
    ['--calls', '9999'],
    ['--nonsense'],
  ]) {
    assert.throws(() => readCallOptions(args, {}), Error);
  }
});

test('an echo is so late, and so much fainter', () => {
  assert.equal(readCallOptions([], {})!.echo, undefined);
  assert.deepEqual(readCallOptions(['--echo', '150'], {})!.echo, { delayMs: 150, fainterDb: 15 });
  const options = readCallOptions(['--echo', '80,12'], {})!;
  assert.deepEqual(options.echo, { delayMs: 80, fainterDb: 12 });
  assert.deepEqual(scriptFor(options, '+15550001111', 0).echo, { delayMs: 80, fainterDb: 12 });
  for (const wrong of ['20', '700', '100,70', '100,-1', 'x', '100,12,3', '']) {
    assert.throws(() => readCallOptions(['--echo', wrong], {}), /--echo must be/, wrong);
  }
});

test('every option is in the help', () => {
  assert.equal(readCallOptions(['--help'], {}), undefined);
  for (const option of [
    'say',
    'barge-in',
    'dtmf',
    'hang-up-after',
    'silent',
    'noise',
    'echo',
    'calls',
    'from',
    'to',
    'voice',
    'json',
  ]) {
    assert.match(help, new RegExp(`--${option}\\b`));
  }
});

test('the data directory is the argument, the environment, or data', () => {
  assert.equal(readCallOptions([], {})!.dataDir, 'data');
  assert.equal(readCallOptions([], { DATA_DIR: '/a' })!.dataDir, '/a');
  assert.equal(readCallOptions(['--data-dir', '/b'], { DATA_DIR: '/a' })!.dataDir, '/b');
});
