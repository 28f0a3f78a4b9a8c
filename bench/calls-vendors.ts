// Vendors of fixed delay for bench/calls.ts, in a process of their own; prints where they are and ends with its parent.

import type { Speaker, Spoken } from '../sandbox/speech/speaking.ts';
import { scriptedHearing } from '../sandbox/speech/scripted-hearing.ts';
import { startCartesia } from '../sandbox/vendors/cartesia.ts';
import { startDeepgram } from '../sandbox/vendors/deepgram.ts';
import { startOpenai } from '../sandbox/vendors/openai.ts';
import { systemClock } from '../src/lib/clock.ts';

const KEY = 'bench';
const MS_PER_CHARACTER = 65;
const THINK_MS = 250;
const SPEAK_MS = 90;

const answer =
  'Certainly. We are open from nine to five on weekdays, and on Saturday until noon. Is there anything else you would like to know?';

const [deepgram, openai, cartesia] = await Promise.all([
  // Final words are there when they are asked for: our pause is longer than 150 ms, this recogniser's delay after speech.
  startDeepgram({
    key: KEY,
    hearing: scriptedHearing({
      texts: ['what are your opening hours please?'],
      delayMs: 0,
      eachStream: true,
      repeat: true,
    }),
  }),
  startOpenai({ key: KEY, always: answer, firstTokenMs: THINK_MS, tokenMs: 0 }),
  startCartesia({ key: KEY, speaker: toneSpeaker(), pace: 20, contextsMax: 10_000 }),
]);
console.log(
  JSON.stringify({ key: KEY, deepgram: deepgram.url, openai: openai.url, cartesia: cartesia.url }),
);
process.stdin.on('end', () => process.exit(0)).resume();

/** An even tone without a gap, so that a gap on the line is the line's; each length made once. */
function toneSpeaker(): Speaker {
  const made = new Map<string, Spoken>();
  return {
    async speak(text, { sampleRate }) {
      await systemClock.sleep(SPEAK_MS);
      const key = `${sampleRate} ${text}`;
      const known = made.get(key);
      if (known) return known;
      const samples = new Int16Array(
        Math.round((text.length * MS_PER_CHARACTER * sampleRate) / 1000),
      );
      for (let index = 0; index < samples.length; index += 1) {
        samples[index] = index % 20 < 10 ? 4000 : -4000;
      }
      let atMs = 0;
      const words = [...text.matchAll(/\S+\s*/g)].map((match) => {
        const startMs = atMs;
        atMs += match[0].length * MS_PER_CHARACTER;
        return { text: match[0].trim(), startMs, endMs: atMs };
      });
      const spoken = { samples, words };
      if (made.size < 1000) made.set(key, spoken);
      return spoken;
    },
    close: () => Promise.resolve(),
  };
}
