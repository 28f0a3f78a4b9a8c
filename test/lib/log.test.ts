// What a line of the log holds, and that personal data goes with one setting.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLog, quietLog } from '../../src/lib/log.ts';
import type { LogLevel } from '../../src/lib/log.ts';

function record(pii: boolean, level: LogLevel = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: openLog({ level, pii, write }) };
}

test('a line has its sentence, its fields and its level', () => {
  const { lines, log } = record(true);
  log.debug('one');
  log.info('two', { callId: 'c1' });
  log.warn('three');
  log.error('four');
  assert.deepEqual(
    lines.map(({ msg, level }) => [msg, level]),
    [
      ['one', 20],
      ['two', 30],
      ['three', 40],
      ['four', 50],
    ],
  );
  assert.equal(lines[1]?.['callId'], 'c1');
});

test('lines below the level are not written', () => {
  const { lines, log } = record(true, 'warn');
  log.info('one');
  log.warn('two');
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ['two'],
  );
  quietLog.error('nobody hears this');
});

test('personal data is written only where it may be', () => {
  for (const pii of [true, false]) {
    const { lines, log } = record(pii);
    log.info('one', { callId: 'c1', pii: { phone: '+15550100' } });
    log.with({ callId: 'c2', pii: { name: 'Ada' } }).info('two');
    log.with({ callId: 'c3' }).info('three', { pii: { words: 'hello' } });
    const text = JSON.stringify(lines);
    for (const secret of ['+15550100', 'hello', 'Ada']) {
      assert.equal(text.includes(secret), pii, `${secret} with pii ${pii}`);
    }
    assert.equal(lines[0]?.['callId'], 'c1');
    assert.equal(lines[1]?.['callId'], 'c2');
  }
});

test('an error is written without what others have hung on it, or quoted in it', () => {
  const attempt = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (error) {
      return error;
    }
  };
  const row = 'Failing row contains (Emily Johnson, +14155550123).';
  const named = (name: string, message: string, more: object) =>
    Object.assign(new Error(message), { name, ...more });
  const errors: readonly [error: unknown, told: RegExp][] = [
    [named('PostgresError', 'violates check', { code: '23514', detail: row, where: row }), /23514/],
    [
      named('PostgresError', 'invalid input for type integer: "Emily"', { code: '22P02' }),
      /integer/,
    ],
    [attempt(() => JSON.parse('{"name": Emily Johnson}')), /not valid JSON/],
    [attempt(() => new URL('https://Emily Johnson:x')), /Invalid URL/],
    [named('GaxiosError', 'failed', { config: { headers: { authorization: 'Emily' } } }), /failed/],
    [new AggregateError([named('Error', 'refused', { address: 'Emily' })], 'all'), /refused/],
  ];
  for (const [error, told] of errors) {
    const { lines, log } = record(false);
    log.error('failed', { error: new Error('outer', { cause: error }) });
    const text = JSON.stringify(lines);
    assert.match(text, told);
    assert.match(text, /log\.test\.ts/, 'and where it was thrown');
    assert.doesNotMatch(text, /Emily|4155550123/);
  }
});

test('an error is written with its stack and its causes', () => {
  const { lines, log } = record(true);
  log.error('failed', { error: new Error('outer', { cause: new Error('inner') }) });
  const text = JSON.stringify(lines[0]?.['error']);
  assert.match(text, /outer/);
  assert.match(text, /inner/);
  assert.match(text, /log\.test\.ts/);
});
