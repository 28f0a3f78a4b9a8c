// What browsers say, as a table: taken, or refused with what is wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBrowserMessage } from '../../src/telephony/browser-messages.ts';

const start = (sampleRate: number, ticket?: string) => ({
  type: 'start',
  start: { sampleRate, ticket },
});

test('messages of a browser', () => {
  const table: [text: string, parsed: object | RegExp][] = [
    ['{"type":"start"}', start(16_000)],
    ['{"type":"start","sample_rate":8000,"ticket":null}', start(8000)],
    ['{"type":"start","sample_rate":16000,"ticket":"abc"}', start(16_000, 'abc')],
    ['{"type":"start","sample_rate":48000}', /sample_rate/],
    ['{"type":"start","sample_rate":"8000"}', /sample_rate/],
    [`{"type":"start","ticket":"${'x'.repeat(201)}"}`, /ticket/],
    ['{"type":"start","ticket":5}', /ticket/],
    ['{"type":"mark","name":"0:1"}', { type: 'mark', name: '0:1' }],
    ['{"type":"mark","name":1}', /name/],
    ['{"type":"key","key":"#"}', { type: 'key', key: '#' }],
    ['{"type":"key","key":"12"}', /key/],
    ['{"type":"key","key":""}', /key/],
    ['{"type":"stop"}', { type: 'stop' }],
    ['{"type":"toString"}', /type/],
    ['{}', /type/],
    ['[]', /object/],
    ['null', /object/],
    ['{', /JSON/],
    ['', /JSON/],
    [`"${'x'.repeat(3000)}"`, /2000/],
  ];
  for (const [text, expected] of table) {
    const parsed = parseBrowserMessage(text);
    if (!(expected instanceof RegExp)) {
      assert.deepEqual(parsed, expected, text);
      continue;
    }
    assert.ok(parsed.type === 'rejected', text);
    assert.match(parsed.reason, expected, text);
  }
});
