// What `npm run call` prints of a call, and when it counts one as good.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallSummary } from '../../sandbox/phone/call-events.ts';
import type { CallRecord } from '../../scripts/call/after-call.ts';
import type { ReportedEvent } from '../../scripts/call/place-call.ts';
import { formatRecord } from '../../scripts/call/record.ts';
import { faultOf, formatEnd, openStory } from '../../scripts/call/story.ts';

const summary: CallSummary = {
  callSid: 'CA1',
  status: 'completed',
  endedBy: 'rest',
  failure: undefined,
  durationMs: 12_340,
  connectedMs: 12_000,
  streams: 1,
  verbs: ['Connect'],
  said: [],
  times: {
    firstAudioMs: 20,
    greetingMs: 60,
    responses: [
      { text: 'a', atMs: 1, responseMs: 500 },
      { text: 'b', atMs: 2, responseMs: 700 },
      { text: 'c', atMs: 3, responseMs: 400 },
    ],
    bargeIns: [{ atMs: 4, silentAfterMs: 120 }],
  },
  framesSent: 600,
  receivedMs: 5000,
  clearedMs: 0,
  warnings: [],
};
const tool = {
  name: 'book_appointment',
  arguments: '{"name":"Anna"}',
  result: 'x'.repeat(400),
  elapsedMs: 12,
  failed: false,
};
const record: CallRecord = {
  outcome: 'booked',
  booking: { startsAt: 'Tuesday 2027-03-02 09:00', name: 'Anna Miller', status: 'confirmed' },
  tools: [tool],
  turns: [
    {
      kind: 'reply',
      ending: 'interrupted',
      caller: 'Tomorrow at ten.',
      heard: 'You are booked',
      unheard: 'for tomorrow.',
      waits: { all: 480.4, endpoint: 240, hear: 20, think: 80, speak: null },
      tools: [tool],
    },
  ],
  flags: ['machine_caller'],
  messages: [{ name: 'Anna', phone: '', text: 'Call me.', urgent: true }],
  texts: [{ to: '+15550001111', body: 'See you.', state: 'delivered' }],
  review: {
    state: 'done',
    summary: 'Anna booked.',
    resolved: 'yes',
    followUp: 'Call her.',
    fields: { pet: 'cat' },
  },
  ledger: [{ kind: 'call', seconds: -12 }],
  balanceSeconds: 3588,
  ledgerSumSeconds: 3588,
};

test('what happens while the agent speaks is told after where that began', () => {
  const lines: string[] = [];
  const tell = openStory((line) => lines.push(line));
  const events: ReportedEvent[] = [
    { type: 'agent-speaks', atMs: 1000 },
    { type: 'caller-speaks', atMs: 1500, text: 'Wait' },
    { type: 'agent-said', atMs: 2000, text: 'Thank you –' },
    { type: 'agent-speaks', atMs: 3000 },
    { type: 'status', atMs: 3500, status: 'completed' },
  ];
  for (const event of events) tell(event);
  assert.deepEqual(
    lines.map((line) => line.trim().split(/\s+/)[1]),
    ['agent', 'caller'],
  );
  // A call may end before it is known what was said.
  tell({ type: 'ended', atMs: 3600, summary });
  assert.match(lines.at(-1)!, /completed/);
});

test('a call is told in the order of what a listener notices, waits included', () => {
  const lines: string[] = [];
  const tell = openStory((line) => lines.push(line));
  const events: ReportedEvent[] = [
    { type: 'stream-started', atMs: 100, streamSid: 'MZ1', url: 'ws://x' },
    { type: 'agent-speaks', atMs: 150 },
    { type: 'agent-quiet', atMs: 1150, spokeMs: 1000 },
    { type: 'agent-said', atMs: 1150, text: 'Hello.' },
    { type: 'caller-speaks', atMs: 1900, text: 'Hi' },
    { type: 'caller-quiet', atMs: 2200 },
    { type: 'agent-speaks', atMs: 2700 },
    { type: 'agent-said', atMs: 3700, text: null },
  ];
  for (const event of events) tell(event);
  assert.deepEqual(lines, [
    '   0.10  line     connected',
    '   0.15  agent    Hello.   [greeting 50 ms after connecting]',
    '   1.90  caller   Hi',
    '   2.70  agent    (speech, 1.0 s)   [after 500 ms]',
  ]);
});

test('the end gives the figures and what is stored', () => {
  const text = formatEnd(summary, record).join('\n');
  for (const part of [
    /by the server, after 12.3 s/,
    /median 500 ms, longest 700 ms/,
    /first sound 60 ms/,
    /silence after 120 ms/,
    /book_appointment, 12 ms/,
    /Anna Miller, confirmed/,
    /call -12 s/,
    /3588 s, the sum of the ledger/,
  ]) {
    assert.match(text, part);
  }
});

test('the record tells what an owner will read, turn by turn', () => {
  const lines = formatRecord(record);
  const text = lines.join('\n');
  for (const part of [
    /caller {3}Tomorrow at ten\./,
    /tool {5}book_appointment \{"name":"Anna"\} → x{300}…/,
    /reply {4}You are booked \(interrupted\) {3}\[480 ms: endpoint 240, hear 20, think 80, speak -\]/,
    /unheard {2}for tomorrow\./,
    /flags {4}machine_caller/,
    /message {2}Anna, no number, urgent: Call me\./,
    /text {5}to \+15550001111, delivered: See you\./,
    /summary {2}Anna booked\. \(resolved: yes\)/,
    /to do {4}Call her\./,
    /fields {3}\{"pet":"cat"\}/,
  ]) {
    assert.match(text, part);
  }
});

test('a call is good or has a fault', () => {
  const good = { summary, record, heard: [], books: true };
  assert.equal(faultOf(good), undefined);
  assert.equal(faultOf({ ...good, record: undefined, heard: ['You are booked.'] }), undefined);
  const faults = [
    { ...good, record: undefined },
    { ...good, record: { ...record, booking: null } },
    { ...good, record: { ...record, outcome: 'failed' } },
    { ...good, record: { ...record, ledgerSumSeconds: 3600 } },
    { ...good, summary: { ...summary, status: 'busy' as const } },
    { ...good, summary: { ...summary, streams: 0 } },
    { ...good, summary: { ...summary, times: { ...summary.times, greetingMs: undefined } } },
    { ...good, summary: { ...summary, failure: 'no answer' } },
  ];
  for (const fault of faults) assert.equal(typeof faultOf(fault), 'string');
});
