// What watchers are told of a turn and of a tool: whole where it is short, cut to fit where it is long.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Turn } from '../../../src/pipeline/types.ts';
import { eventsOf, toolBegun, toolEnded } from '../../../src/reception/records/live-event.ts';
import { NOTICE_BYTES_MAX } from '../../../src/store/service/live-notices.ts';
import { turnWith } from '../../support/turn.ts';

const turn = turnWith({
  caller: 'Hello.',
  heard: 'We open',
  unheard: 'at nine.',
  ending: 'interrupted',
  callerAt: 1000,
});
const run = { id: 'a', name: 'n', arguments: '{}', result: 'r', elapsedMs: 5, failed: false };

/** The utterances among the events of a turn. */
function said(changed: Partial<Turn>): unknown[] {
  return eventsOf({ ...turn, ...changed }, 3, 2000).flatMap((event) =>
    event.type === 'utterance'
      ? [[event.role, event.content, event.unheard, event.interrupted, event.timestamp]]
      : [],
  );
}

test('what was heard of an answer stands beside what was not', () => {
  const [at1, at2] = ['1970-01-01T00:00:01.000Z', '1970-01-01T00:00:02.000Z'];
  const caller = ['user', 'Hello.', null, false, at1];
  assert.deepEqual(said({}), [caller, ['assistant', 'We open', 'at nine.', true, at2]]);
  assert.deepEqual(said({ heard: '' }), [caller, ['assistant', '', 'at nine.', true, at2]]);
  assert.deepEqual(said({ heard: '', unheard: '' }), [caller]);
  assert.deepEqual(said({ caller: undefined, unheard: '', ending: 'completed' }), [
    ['assistant', 'We open', null, false, at2],
  ]);
});

test('a tool has one id, whether it begins, ends, or stands in the record', () => {
  const ended = { id: 'a', name: 'n', arguments: '{}', result: 'r', elapsed_ms: 5, failed: false };
  const all = { turn: 3, ...ended, truncated: false };
  const { result: _result, elapsed_ms: _ms, failed: _failed, ...begun } = all;
  assert.deepEqual(toolBegun(3, run), { type: 'tool_begun', ...begun });
  assert.deepEqual(toolEnded(3, run), { type: 'tool_ended', ...all });
  assert.deepEqual(eventsOf({ ...turn, tools: [run] }, 3, 0)[2], { type: 'tool', ...all });
});

test('the longest that a model may write leaves room in a notice', () => {
  for (const letter of ['x', '"', 'é', '語', '😀', '\u0001']) {
    const long = letter.repeat(9000);
    const strange = { ...run, name: long.slice(0, 300), arguments: long, result: long };
    const events = [
      toolBegun(3, strange),
      toolEnded(3, strange),
      ...eventsOf(
        { ...turn, caller: long, heard: long, unheard: long.slice(0, 2000), tools: [strange] },
        3,
        0,
      ),
    ];
    for (const event of events) {
      const bytes = Buffer.byteLength(JSON.stringify(event));
      assert.ok(bytes < NOTICE_BYTES_MAX - 150, `${event.type} of ${letter}: ${bytes}`);
      if (event.type !== 'latency') assert.equal('truncated' in event && event.truncated, true);
    }
  }
});
