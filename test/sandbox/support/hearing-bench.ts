// The whole way from a spoken phrase to its written words: voice, mu-law, the Deepgram stand-in, real hearing.

import { openGrammarHearing } from '../../../sandbox/speech/grammar-hearing.ts';
import { openSpeaker } from '../../../sandbox/speech/speaking.ts';
import type { Voice } from '../../../sandbox/speech/speaking.ts';
import { startDeepgram } from '../../../sandbox/vendors/deepgram/deepgram.ts';
import { encodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';
import { bare, callerPhrases, expected } from './caller-phrases.ts';
import { openRaw, quiet, sendAudio } from './raw-socket.ts';
import type { Json, RawSocket } from './raw-socket.ts';

const query =
  'model=nova-3&encoding=mulaw&sample_rate=8000&interim_results=true&punctuate=true&numerals=true&endpointing=false';

export interface HearingBench {
  open(): Promise<RawSocket>;
  /** The final result. */
  hear(socket: RawSocket, phrase: string, voice: Voice): Promise<Json>;
  /** Each of the four voices says every so-many-th of the callers' phrases. */
  measure(every: number): Promise<{ readonly said: number; readonly wrong: readonly string[] }>;
  close(): Promise<void>;
}

export const textOf = (message: Json): string =>
  message['channel'].alternatives[0].transcript as string;

export async function openHearingBench(): Promise<HearingBench> {
  const speaker = openSpeaker();
  const hearing = await openGrammarHearing();
  const server = await startDeepgram({ key: 'secret', hearing });
  return {
    open,
    hear,
    async measure(every) {
      let said = 0;
      const wrong: string[] = [];
      for (const [turn, voice] of (['kal', 'slt', 'rms', 'awb'] as const).entries()) {
        const socket = await open();
        for (const [index, phrase] of callerPhrases.entries()) {
          if (index % every !== turn % every) continue;
          said += 1;
          const heard = textOf(await hear(socket, phrase, voice));
          if (bare(heard) !== expected(phrase)) wrong.push(`${voice}: ${phrase} -> ${heard}`);
        }
        await socket.close();
      }
      return { said, wrong };
    },
    async close() {
      await server.close();
      await Promise.all([speaker.close(), hearing.close()]);
    },
  };

  function open(): Promise<RawSocket> {
    return openRaw(`${server.url}/v1/listen?${query}`, { authorization: 'Token secret' });
  }

  async function hear(socket: RawSocket, phrase: string, voice: Voice): Promise<Json> {
    const { samples } = await speaker.speak(phrase, { voice, sampleRate: 8000 });
    const from = socket.messages.length;
    sendAudio(socket, quiet(300));
    sendAudio(socket, encodeMulaw(samples));
    sendAudio(socket, quiet(300));
    socket.send({ type: 'Finalize' });
    return socket.next((each) => each['from_finalize'], from);
  }
}
