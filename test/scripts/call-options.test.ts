// The command line of `npm run call`, and the script it makes of it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Step } from '../../sandbox/phone/caller-script.ts';
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

test('a faint caller is so much fainter', () => {
  assert.equal('fainterDb' in script([]), false);
  assert.equal(script(['--fainter', '12']).fainterDb, 12);
  for (const wrong of ['61', 'x']) {
    assert.throws(() => readCallOptions(['--fainter', wrong], {}), /--fainter must be/, wrong);
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

test('a caller may be fast, and hard to hear', () => {
  const { speed, loss } = script(['--speed', '1.5', '--loss', '10']);
  assert.deepEqual([speed, loss], [1.5, 0.1]);
  for (const args of [
    ['--speed', '0.1'],
    ['--speed', '3'],
    ['--loss', '95'],
  ]) {
    assert.throws(() => readCallOptions(args, {}), /--(?:speed|loss) must be/);
  }
});

test('what a file says is done, and stands above what the options say', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'frontdesk-script-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const steps: Step[] = [
    { do: 'say', text: 'a' },
    { do: 'wait', ms: 900 },
    { do: 'say', text: 'b', now: true },
  ];
  const list = join(folder, 'steps.json');
  writeFileSync(list, JSON.stringify(steps));
  assert.deepEqual(script(['--script', list]).steps, steps);
  const whole = join(folder, 'script.json');
  writeFileSync(whole, JSON.stringify({ steps, from: 'anonymous', stay: true }));
  const { from, stay, to } = script(['--script', whole, '--from', '+15550000009']);
  assert.deepEqual([from, stay, to], ['anonymous', true, '+15550002222']);
  assert.throws(
    () => script(['--script', join(folder, 'none.json')]),
    /--script .* cannot be read/,
  );
});

test('a loud place is one of ours or a recording, so far below the voice', () => {
  assert.deepEqual([script([]).noise, script(['--noise']).noise], [undefined, 300]);
  assert.deepEqual([script(['--noise-below', '20']).noise, script([]).place], [390, undefined]);
  const { noise, place } = script(['--place', 'car', '--noise-below', '10']);
  assert.deepEqual([noise, place], [1233, 'car']);
  assert.equal(script(['--place', '/tmp/bar.wav']).place, '/tmp/bar.wav');
  assert.throws(() => script(['--noise-below', 'loud']), /--noise-below must be a number/);
});

test('every option is in the help', () => {
  assert.equal(readCallOptions(['--help'], {}), undefined);
  for (const option of [
    'say',
    'barge-in',
    'dtmf',
    'hang-up-after',
    'silent',
    'fainter',
    'noise',
    'noise-below',
    'place',
    'echo',
    'speed',
    'loss',
    'script',
    'record',
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
