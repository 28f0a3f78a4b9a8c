// Frames and messages that no carrier sends, in the middle of real calls: closed with the right code or ignored, and charged right.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../../sandbox/phone/call.ts';
import { chained, duplicated, shuffled } from '../../sandbox/phone/faults.ts';
import type { MediaLine } from '../../sandbox/phone/media-line.ts';
import { assertBilled, assertSound, finished, greeted } from '../support/product/after-call.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';

const MASK = [1, 2, 3, 4];

/** A frame that breaks a rule of RFC 6455; masked unless told otherwise. */
function frame(first: number, payload: number[], { masked = true } = {}): Uint8Array {
  const length = (masked ? 0x80 : 0) | payload.length;
  const body = masked ? payload.map((byte, at) => byte ^ MASK[at % 4]!) : payload;
  return Uint8Array.from([first, length, ...(masked ? MASK : []), ...body]);
}

describe('hostile frames in a call', { concurrency: 5 }, () => {
  test('each ends its own call with the code for it', async (t) => {
    const f = await startTestFrontdesk(t, { client: { concurrencyMax: 50 } });
    const attacks: [name: string, code: number, act: (line: MediaLine) => void][] = [
      ['a message of 66 kB', 1009, (line) => line.sendRaw('x'.repeat(66 * 1024))],
      [
        '100 MB declared',
        1009,
        (line) => line.sendBytes(Uint8Array.from([0x81, 0xff, 0, 0, 0, 0, 6, 0, 0, 0, ...MASK])),
      ],
      ['a binary message', 1003, (line) => line.sendRaw(Buffer.from('hello'))],
      ['an unmasked frame', 1002, (line) => line.sendBytes(frame(0x81, [65], { masked: false }))],
      ['reserved bits', 1002, (line) => line.sendBytes(frame(0xf1, [65]))],
      ['text that is not UTF-8', 1007, (line) => line.sendBytes(frame(0x81, [0xc3, 0x28]))],
      ['a frame of nothing known', 1002, (line) => line.sendBytes(frame(0x83, [65]))],
      ['a hundred pings', 1008, (line) => times(100, () => line.sendBytes(frame(0x89, [])))],
      ['frames at a hundred times the speed', 1008, (line) => line.sendFrames(2000)],
      ['20 messages that are no JSON', 1008, (line) => times(20, () => line.sendRaw('{'))],
    ];
    const calls = attacks.map(() => f.call());
    await Promise.all(calls.map((call) => greeted(call)));
    for (const [index, [, , act]] of attacks.entries()) act(calls[index]!.line!);
    for (const [index, [name, code]] of attacks.entries()) {
      const call = calls[index]!;
      const record = await finished(f, call);
      assert.equal(reasonOf(call), `server ${code}`, name);
      assert.equal(record.conversation.endReason, 'protocol', name);
      assertBilled(record, record.summary.connectedMs);
    }
    await assertSound(f);
  });

  test('what is merely odd is ignored, and the call goes on', async (t) => {
    const f = await startTestFrontdesk(t);
    const call = f.call();
    await greeted(call);
    const line = call.line!;
    const payloads = ['', '?', '=', 'A', '////', 'A'.repeat(20_000)];
    for (const payload of payloads) line.send('media', { media: { track: 'inbound', payload } });
    line.send('unknown', { unknown: {} });
    line.send('mark', { mark: { name: 'never sent' } });
    line.sendRaw('[]');
    line.sendBytes(frame(0x89, [1, 2, 3]));
    f.says.push('hello');
    f.openai.script('We open at nine.');
    await call.say(f.voice('hello'));
    await call.reply(700, 60_000);
    call.hangUp();
    const record = await finished(f, call);
    assert.equal(record.conversation.endReason, 'caller');
    assert.deepEqual(record.utterances.at(-1), { role: 'assistant', content: 'We open at nine.' });
    assertBilled(record, record.summary.connectedMs);
    await assertSound(f);
  });

  test('frames out of order and twice: understood and charged like any other call', async (t) => {
    const f = await startTestFrontdesk(t);
    f.says.push('hello');
    f.openai.script('We open at nine.');
    const call = f.call({ line: { mangle: chained(duplicated(7, 0.1), shuffled(7, 3)) } });
    await greeted(call);
    await call.say(f.voice('hello there'));
    await call.reply(700, 60_000);
    call.hangUp();
    const record = await finished(f, call);
    assert.deepEqual(
      record.utterances.map(({ content }) => content),
      ['Hello, how can I help you?', 'Hello.', 'We open at nine.'],
    );
    assertBilled(record, record.summary.connectedMs);
    await assertSound(f);
  });
});

function reasonOf(call: Call): string {
  const ended = call.history.find((event) => event.type === 'stream-ended');
  if (ended?.type !== 'stream-ended') return 'still open';
  return `${ended.by} ${ended.reason.replace('code ', '')}`;
}

function times(count: number, act: () => void): void {
  for (let done = 0; done < count; done += 1) act();
}
