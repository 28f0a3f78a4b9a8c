// What Deepgram really said on recorded days, said again to our clients: the words must be the recorded ones.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Channel } from '../../../src/lib/channel.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { speechToText } from '../../../src/pipeline/vendors.ts';
import type { CallerAudio, Transcript } from '../../../src/pipeline/types.ts';
import { startDeepgram } from '../../support/servers/deepgram-server.ts';
import type { DeepgramServer } from '../../support/servers/deepgram-server.ts';

const folder = new URL('../../../../shared/speech/deepgram-events/', import.meta.url);

interface Recording {
  readonly provider: 'deepgram' | 'deepgram-flux';
  readonly transcript: string;
  readonly events: readonly { readonly data: object }[];
}

if (!existsSync(folder)) {
  test('recorded Deepgram traffic', { skip: 'there are no recordings beside the project' });
} else {
  for (const name of readdirSync(folder)) {
    const recording = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recording;
    test(`${name}: "${recording.transcript}"`, async () => {
      const server = await startDeepgram();
      try {
        const heard = await replay(server, recording);
        assert.equal(saidIn(heard), recording.transcript);
        checkTimes(heard);
      } finally {
        await server.close();
      }
    });
  }
}

async function replay(server: DeepgramServer, recording: Recording): Promise<Transcript[]> {
  const { provider, events } = recording;
  const call = new AbortController();
  const settings = { url: server.url, key: 'k', model: 'any', voice: '' };
  const vendor = await speechToText[provider]();
  const parts = { clock: systemClock, log: quietLog };
  using recogniser = await vendor.open(settings, parts, call.signal);
  const audio = new Channel<CallerAudio>(1000);
  server.onMessage = (type) => {
    if (type === 'CloseStream') server.end();
  };
  const heard: Transcript[] = [];
  const options = { sampleRate: 8000, language: 'en-US', signal: call.signal };
  const ended = (async () => {
    for await (const each of recogniser.transcribe(audio, options)) heard.push(each);
  })();
  for (const { data } of events) {
    audio.push(new Int16Array(160));
    server.say(data);
  }
  audio.end();
  await ended;
  return heard;
}

/** As the recordings' own transcripts were made: final segments, or turns, in order. */
function saidIn(heard: readonly Transcript[]): string {
  const parts = heard.map((each) => {
    if (each.type === 'end-of-turn') return each.text;
    return each.type === 'words' && each.final ? each.text : '';
  });
  return parts.filter((text) => text !== '').join(' ');
}

function checkTimes(heard: readonly Transcript[]): void {
  for (const each of heard) {
    if (each.type !== 'words') continue;
    for (const { startMs, endMs } of each.words) assert.ok(startMs >= 0 && endMs > startMs);
  }
}
