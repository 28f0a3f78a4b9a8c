// Our own voices against the stand-ins, with real speech: a turn that is cut, another that is heard, and a lost socket.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openSpeaker } from '../../../../sandbox/speech/speaking.ts';
import { startCartesia } from '../../../../sandbox/vendors/voices/cartesia.ts';
import { startElevenLabs } from '../../../../sandbox/vendors/voices/elevenlabs.ts';
import type {
  VoiceOptions,
  VoiceStandIn,
} from '../../../../sandbox/vendors/voices/voice-options.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { quietLog } from '../../../../src/lib/log.ts';
import { vendor as cartesia } from '../../../../src/pipeline/tts/cartesia.ts';
import { vendor as elevenLabs } from '../../../../src/pipeline/tts/elevenlabs.ts';
import type { TextToSpeech, Vendor } from '../../../../src/pipeline/types.ts';
import { audioOf, speaking, wordsOf } from '../../../pipeline/contract/text-to-speech.ts';
import { until } from '../../../support/until.ts';

const key = 'secret';
const speaker = openSpeaker();
// Its first text takes longer than any voice may keep a caller waiting, on a busy machine.
before(() => speaker.speak('Ready.', { voice: 'slt', sampleRate: 8000 }));
after(() => speaker.close());

const text = 'Good morning, how can I help? We have a slot on Tuesday at ten thirty.';

voice('cartesia', cartesia, startCartesia, 'sonic-3');
voice('elevenlabs', elevenLabs, startElevenLabs, 'eleven_flash_v2_5');

function voice(
  name: string,
  vendor: Vendor<TextToSpeech>,
  start: (options: VoiceOptions) => Promise<VoiceStandIn>,
  model: string,
): void {
  async function begin(): Promise<{ server: VoiceStandIn; textToSpeech: TextToSpeech }> {
    const server = await start({ key, speaker });
    after(() => server.close());
    const call = new AbortController();
    after(() => call.abort(new Error('the test is over')));
    const settings = { url: server.url, key, model, voice: 'katie' };
    const parts = { clock: systemClock, log: quietLog };
    return { server, textToSpeech: await vendor.open(settings, parts, call.signal) };
  }

  describe(`${name} in the sandbox`, () => {
    for (const sampleRate of [8000, 16_000]) {
      test(`a cut turn, and one that is heard whole, at ${sampleRate} Hz`, async () => {
        const { server, textToSpeech } = await begin();
        for (let turn = 0; turn < 2; turn += 1) {
          const cut = speaking({ textToSpeech }, sampleRate);
          cut.text.push(text);
          await until('it speaks', () => audioOf(cut.speech).length > 0);
          cut.stop.abort(new Error('interrupted'));
          await assert.rejects(cut.ended, /interrupted/);
        }
        const heard = speaking({ textToSpeech }, sampleRate);
        heard.text.push(text);
        heard.text.end();
        await heard.ended;
        const words = wordsOf(heard.speech);
        assert.equal(words.map((word) => word.text).join(' '), text);
        const samples = audioOf(heard.speech).reduce((sum, each) => sum + each.length, 0);
        const audioMs = (samples / sampleRate) * 1000;
        assert.ok(audioMs > 3000 && audioMs < 8000, `${audioMs} ms`);
        assert.ok(words.every((word, at) => word.startMs >= (words[at - 1]?.startMs ?? 0)));
        assert.ok(words.at(-1)!.endMs > audioMs - 500 && words.at(-1)!.endMs <= audioMs);
        await until('nothing is open', () => server.contexts === 0);
      });
    }

    test('a socket that is reset before a sound is replaced', async () => {
      const { server, textToSpeech } = await begin();
      server.faults.add({ on: 'message', do: 'reset' });
      const heard = speaking({ textToSpeech });
      heard.text.push('Good morning.');
      heard.text.end();
      await heard.ended;
      assert.equal(
        wordsOf(heard.speech)
          .map((word) => word.text)
          .join(' '),
        'Good morning.',
      );
      assert.equal(server.counts.connections, 2);
    });

    test('a wrong key is told as the vendor tells it', async () => {
      const server = await start({ key: 'another', speaker });
      after(() => server.close());
      const call = new AbortController();
      after(() => call.abort(new Error('the test is over')));
      const parts = { clock: systemClock, log: quietLog };
      const settings = { url: server.url, key, model, voice: 'katie' };
      const speak = async () => {
        const textToSpeech = await vendor.open(settings, parts, call.signal);
        const said = speaking({ textToSpeech });
        said.text.push('Good morning.');
        said.text.end();
        await said.ended;
      };
      await assert.rejects(speak, (error: Error & { code?: string }) => {
        assert.equal(error.code, 'vendor_failed');
        return true;
      });
    });
  });
}
