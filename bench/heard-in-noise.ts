// What the sandbox's recogniser hears of phrases in loud places, and how often it hears words where nobody speaks, as its Deepgram
// stand-in uses it, with noise suppression in front of it and without: `node bench/heard-in-noise.ts`; names
// behind it look at these places only.

import { openRecogniser, RECOGNISER_HZ } from '../sandbox/speech/recogniser.ts';
import { openSpeaker } from '../sandbox/speech/speaking.ts';
import { VoiceActivity } from '../sandbox/speech/voice-activity.ts';
import { systemClock } from '../src/lib/clock.ts';
import { quietLog } from '../src/lib/log.ts';
import { openNoiseSuppressor } from '../src/pipeline/audio/noise-suppressor.ts';
import { loadResampler } from '../src/pipeline/audio/resample.ts';
import { bare } from '../test/sandbox/support/caller-phrases.ts';
import { frames, join, noise, silence } from '../test/support/sounds.ts';
import { haveRecordings } from './support/labelled-speech.ts';
import { asCaller, CALLER_DB, coded, inPlace, placeNoise, RATE } from './support/loud-lines.ts';
import { printMachine } from './support/measure.ts';

/** Quiet before and after each phrase, in which nobody says anything. */
const AROUND_MS = 1500;
/** After so much quiet its words are asked for. */
const END_MS = 200;
const places = ['white', 'office', 'street'] as const;
const PLACES: readonly string[] = process.argv[2]?.split(',') ?? places;
const voices = ['kal', 'slt'] as const;
const phrases = [
  "I'd like to book an appointment.",
  'Tomorrow morning.',
  'The first one please.',
  'My name is Emily Johnson.',
  "The number I'm calling from.",
  'Yes please.',
];

if (!haveRecordings()) throw new Error('the recordings are not beside the project');
printMachine();
const recogniser = await openRecogniser();
const openResampler = await loadResampler();
const speaker = openSpeaker();
openNoiseSuppressor(RATE, quietLog)[Symbol.dispose]();
await systemClock.sleep(500);
console.log(
  '| place | below | right as it is | words of nobody | right with suppression | words of nobody | sure |',
);
console.log(`|${' --- |'.repeat(7)}`);
for (const place of places.filter((each) => PLACES.includes(each))) {
  for (const belowDb of [20, 10, 5]) {
    const plain = await hear(place, belowDb, false);
    const clean = await hear(place, belowDb, true);
    console.log(
      `| ${[place, `${belowDb} dB`, plain.right, plain.invented, clean.right, clean.invented, clean.sure].join(' | ')} |`,
    );
  }
}
process.exit(0);

async function hear(place: (typeof places)[number], belowDb: number, suppressed: boolean) {
  let [right, invented, sure, heard] = [0, 0, 0, 0];
  for (const voice of voices) {
    await recogniser.forget();
    using resampler = openResampler(RATE, RECOGNISER_HZ);
    using suppressor = suppressed ? openNoiseSuppressor(RATE, quietLog) : undefined;
    await systemClock.sleep(10);
    const texts: { text: string; endMs: number }[] = [];
    const activity: VoiceActivity = new VoiceActivity(
      RATE,
      {
        started: (_, samples) => recogniser.add(resampler.push(samples)),
        went(samples) {
          recogniser.add(resampler.push(samples));
          if (activity.silentMs >= END_MS) finish();
        },
        quiet() {},
      },
      suppressor,
    );
    const finish = () => {
      const words = recogniser.finish();
      if (words.length > 0) {
        heard += 1;
        sure += activity.clearness;
        texts.push({ text: words.map(({ text }) => text).join(' '), endMs: activity.heardMs });
      }
      activity.over();
    };
    for (const [index, phrase] of phrases.entries()) {
      texts.length = 0;
      const startMs = activity.heardMs;
      const { samples } = await speaker.speak(phrase, { voice, sampleRate: RATE });
      const around = silence(RATE, AROUND_MS);
      const line = join(around, asCaller(samples), around);
      const behind =
        place === 'white'
          ? noise(RATE, line.length / 8, CALLER_DB - belowDb, index + 1)
          : placeNoise(place, belowDb, 0);
      for (const frame of frames(coded(inPlace(line, behind, 50_000 * index)), RATE)) {
        activity.push(frame);
      }
      if (activity.speaking) finish();
      const saidMs = startMs + AROUND_MS;
      const endMs = saidMs + samples.length / 8 + END_MS;
      const during = texts.filter((each) => each.endMs > saidMs && each.endMs <= endMs + 600);
      invented += texts.length - during.length + Math.max(0, during.length - 1);
      if (texts.map(({ text }) => text).join(' ') === bare(phrase)) right += 1;
    }
  }
  const of = voices.length * phrases.length;
  return { right: `${right} of ${of}`, invented, sure: heard ? (sure / heard).toFixed(2) : '-' };
}
