// Scripts come in by HTTP and are done on the line; events go out as they happen.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AgentWords } from '../../../sandbox/phone/agent-words.ts';
import type { CallerScript } from '../../../sandbox/phone/caller-script.ts';
import { SILENT_FRAME, tone } from '../../../sandbox/phone/caller-speech.ts';
import { startControlApi } from '../../../sandbox/phone/control-api.ts';
import { encodeMulaw } from '../../../sandbox/phone/g711.ts';
import { Phone } from '../../../sandbox/phone/phone.ts';
import { newSid } from '../../../sandbox/phone/sids.ts';
import { openSpeaker } from '../../../sandbox/speech/speaking.ts';
import { placeCall } from '../../../scripts/call/place-call.ts';
import type { ReportedEvent } from '../../../scripts/call/place-call.ts';
import { startApplication, until } from './application.ts';
import type { AppStream } from './application.ts';

const questions = ['What is your name, please?', 'On which day would you like to come?'];
const agentWords = new AgentWords();
const speaker = openSpeaker();
const spoken: Uint8Array[] = [];
for (const text of questions) {
  const said = await speaker.speak(text, { voice: 'slt', sampleRate: 8000 });
  agentWords.add({ text, sampleRate: 8000, ...said });
  spoken.push(encodeMulaw(said.samples));
}

const paces: number[] = [];
const phone = new Phone({
  accountSid: newSid('AC'),
  authToken: 'token',
  // Each text is a tone of its own length.
  async speak(text, { speed }) {
    if (speed !== 1) paces.push(speed);
    return tone(100 + text.length * 10);
  },
});
let onStart: (stream: AppStream) => void = () => {};
const app = await startApplication(
  ({ socketUrl }) => ({
    '/voice': `<Response><Connect><Stream url="${socketUrl}/ws/a"/></Connect></Response>`,
  }),
  (stream) => onStart(stream),
);
const { publicUrl } = app;
const control = await startControlApi({ phone, token: 'secret', publicUrl, agentWords });
const address = { url: control.url, token: 'secret' };
after(async () => {
  await phone.hangUpAll();
  await control.close();
  await app.close();
  await speaker.close();
});

const numbers = { from: '+15550001111', to: '+15550002222' };

async function play(script: Omit<CallerScript, 'from' | 'to'>): Promise<ReportedEvent[]> {
  const signal = new AbortController().signal;
  return Array.fromAsync(placeCall(address, { ...numbers, ...script }, signal));
}

test('a caller waits for each reply, says the next line, and hangs up after the last reply', async () => {
  onStart = (stream) => {
    stream.play(spoken[0]!);
    void answerEach(stream);
  };
  const events = await play({
    steps: [
      { do: 'say', text: 'one' },
      { do: 'say', text: 'two' },
    ],
  });
  const heard = events.flatMap((event) => {
    if (event.type === 'caller-speaks') return [`caller: ${event.text}`];
    return event.type === 'agent-said' ? [`agent: ${event.text}`] : [];
  });
  assert.deepEqual(heard.slice(0, 4), [
    `agent: ${questions[0]}`,
    'caller: one',
    `agent: ${questions[1]}`,
    'caller: two',
  ]);
  const last = events.at(-1)!;
  assert.equal(last.type, 'ended');
  assert.equal(last.summary.endedBy, 'caller');
  assert.equal(last.summary.times.responses.length, 2);
});

/** Speaks whenever the caller has spoken and fallen silent. */
async function answerEach(stream: AppStream): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    const from = stream.messages.length;
    const voiced = (index: number) => isVoiced(stream, index);
    await until(() => stream.messages.some((_, index) => index >= from && voiced(index)));
    await until(() => !voiced(stream.messages.length - 1) && stream.messages.length > from + 30);
    stream.play(spoken[1]!);
  }
}

function isVoiced(stream: AppStream, index: number): boolean {
  const payload = stream.messages[index]?.media?.payload;
  return payload !== undefined && payload !== SILENT_FRAME;
}

test('a caller answers what was asked, whatever the order of the rules', async () => {
  onStart = (stream) => stream.play(spoken[1]!);
  const events = await play({
    hangUpAfterMs: 4000,
    steps: [
      {
        do: 'converse',
        rules: [
          { hears: 'name', say: 'Anna' },
          { hears: 'day', say: 'Tuesday' },
        ],
      },
    ],
  });
  const first = events.find((event) => event.type === 'caller-speaks')!;
  assert.equal(first.text, 'Tuesday');
});

test('what is to be said now waits for nobody, and may be faster; frames get lost on the way', async () => {
  onStart = () => {};
  const events = await play({
    speed: 2,
    loss: 0.5,
    steps: [
      { do: 'say', text: 'one', now: true },
      { do: 'wait', ms: 200 },
      { do: 'hang-up', now: true },
    ],
  });
  const last = events.at(-1)!;
  assert.equal(last.type, 'ended');
  assert.ok(last.summary.durationMs < 5000);
  assert.deepEqual(paces, [2]);
});

test('a barge-in begins while the agent speaks', async () => {
  onStart = (stream) => stream.play(encodeMulaw(tone(2000)));
  const events = await play({
    hangUpAfterMs: 1200,
    steps: [{ do: 'barge-in', afterMs: 300, text: 'x' }],
  });
  const began = events.find((event) => event.type === 'agent-speaks')!;
  const broke = events.find((event) => event.type === 'caller-speaks')!;
  // Less one frame: what is said at once goes out in the frame that is being filled.
  assert.ok(broke.atMs - began.atMs >= 280);
  const last = events.at(-1)!;
  assert.ok(last.type === 'ended' && last.summary.times.bargeIns.length === 1);
});

test('who drops the request hangs up', async () => {
  onStart = () => {};
  const stop = new AbortController();
  const events = placeCall(address, { ...numbers, steps: [], stay: true }, stop.signal);
  await events.next();
  await until(() => phone.liveCalls.length === 1);
  stop.abort();
  await until(() => phone.liveCalls.length === 0);
});

test('a wrong token and a script that is none are refused', async () => {
  const signal = new AbortController().signal;
  const refused = placeCall({ ...address, token: 'x' }, { ...numbers, steps: [] }, signal);
  await assert.rejects(refused.next(), /401/);
  const nonsense = { ...numbers, steps: [{ do: 'dance' }] } as unknown as CallerScript;
  await assert.rejects(placeCall(address, nonsense, signal).next(), /400/);
});
