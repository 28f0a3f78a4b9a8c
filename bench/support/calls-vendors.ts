// Vendors of fixed delay for bench/calls.ts, in a process of their own; prints where they are and ends with its parent.

import { scriptedHearing } from '../../sandbox/speech/scripted-hearing.ts';
import { toneSpeaker } from '../../sandbox/speech/tone-speaker.ts';
import { startCartesia } from '../../sandbox/vendors/voices/cartesia.ts';
import { startDeepgram } from '../../sandbox/vendors/deepgram/deepgram.ts';
import { startOpenai } from '../../sandbox/vendors/openai/openai.ts';

const KEY = 'bench';
const THINK_MS = 250;
const SPEAK_MS = 90;

const answer =
  'Certainly. We are open from nine to five on weekdays, and on Saturday until noon. Is there anything else you would like to know?';

/** In which the last word of a question is known 150 ms after it was said. */
const wordMs = Number(process.argv[2] ?? 400);

/** Others each time: who says the same again and again is taken for a machine. */
const questions = ['opening', 'holiday', 'weekend', 'summer', 'winter'].map(
  (which) => `what are your ${which} hours please?`,
);

const [deepgram, openai, cartesia] = await Promise.all([
  // Final words are there when they are asked for: our pause is longer than 150 ms, this recogniser's delay after speech.
  startDeepgram({
    key: KEY,
    hearing: scriptedHearing({
      texts: questions,
      wordMs,
      delayMs: 0,
      eachStream: true,
      repeat: true,
    }),
  }),
  startOpenai({ key: KEY, always: answer, firstTokenMs: THINK_MS, tokenMs: 0 }),
  startCartesia({
    key: KEY,
    speaker: toneSpeaker({ firstByteMs: SPEAK_MS }),
    pace: 20,
    contextsMax: 10_000,
  }),
]);
console.log(
  JSON.stringify({ key: KEY, deepgram: deepgram.url, openai: openai.url, cartesia: cartesia.url }),
);
process.stdin.on('end', () => process.exit(0)).resume();
