// The recogniser (soundswallower in WASM) with the callers' grammar, on the calling thread.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import createModule from 'soundswallower';
import type { Segment } from 'soundswallower';
import { callerGrammar } from './grammar.ts';
import type { HeardWord } from './hearing.ts';

/** What the acoustic model was made for; the package's own default silently gives rubbish. */
export const RECOGNISER_HZ = 16_000;
/** Silence put before and after an utterance: the model needs it to find the ends. */
const PAD_MS = 300;
/** Of full scale. The model takes digital silence for speech; a line's own noise it knows. */
const NOISE = 0.0015;
/** From the root mean square of telephone noise to the peak of even noise that is as loud in the telephone's half of the band. */
const UNIFORM_PEAK = Math.SQRT2 * Math.sqrt(3);
/** Quiet is looked for at the beginning of an utterance, in windows. */
const QUIET_WINDOW = RECOGNISER_HZ / 50;
const QUIET_WINDOWS_MAX = 12;
/** Who goes on after a breath leaves no quiet to measure: a line is no louder than so many times what it was. */
const LOUDER_MAX = 1.5;
/** How much the grammar's odds count against the sound, and how soon unlikely paths are given up: speed against accuracy. */
const SEARCH = { lw: 8, beam: 1e-60, wbeam: 1e-36, pbeam: 1e-50, silprob: 0.3 };
/**
 * How a line sounds on average (cepstral means), which is taken off what is heard. The model knows it only from what it has
 * heard before; its own guess for the first utterance is a microphone, and makes a word or two out of the end of a phrase
 * on the telephone. These are the means of the sandbox's voices on the telephone.
 */
const TELEPHONE = '45.3,-1.4,9,-1,-0.5,-1,-2.8,1.3,1.2,1.2,2.9,-0.3,0.9';
/** Sounds that are no words, and words that only fill a pause. */
const noWords = /^(<.*>|\[.*\]|\(.*\)|um|uh)$/i;

export interface Recogniser {
  /** At `RECOGNISER_HZ`. */
  add(samples: Int16Array): void;
  words(): readonly HeardWord[];
  finish(): readonly HeardWord[];
  /** For another caller: what was learned of the last one's line is no help. */
  forget(): Promise<void>;
}

/** Takes a second. The memory, some 60 MB, is given back with the thread. */
export async function openRecogniser(): Promise<Recogniser> {
  const folder = dirname(fileURLToPath(import.meta.resolve('soundswallower')));
  // The package's types leave out its most important setting.
  const settings = { modelBase: join(folder, 'model/') } as Parameters<typeof createModule>[0];
  const module = await createModule(settings);
  const decoder = new module.Decoder({
    loglevel: 'FATAL',
    samprate: RECOGNISER_HZ,
    cmninit: TELEPHONE,
    ...SEARCH,
  });
  await decoder.initialize();
  decoder.set_grammar(callerGrammar);
  const pad = new Int16Array((RECOGNISER_HZ * PAD_MS) / 1000);
  const noise = makeNoise();
  let noiseAt = 0;
  /** The silence put around an utterance sounds as its line does: the model measures noise there, and takes it off. */
  let padNoise = NOISE;
  /** Root mean square, of full scale. */
  let lineNoise = Number.POSITIVE_INFINITY;
  let listening = false;

  return {
    add(samples) {
      if (samples.length === 0) return;
      if (!listening) {
        decoder.start();
        noiseAt = 0;
        lineNoise = Math.min(quietest(samples), LOUDER_MAX * Math.max(NOISE, lineNoise));
        padNoise = NOISE + lineNoise * UNIFORM_PEAK;
        decoder.process_audio(withNoise(pad, padNoise), false, false);
        listening = true;
      }
      decoder.process_audio(withNoise(samples), false, false);
    },
    words: () => (listening ? read() : []),
    finish() {
      if (!listening) return [];
      decoder.process_audio(withNoise(pad, padNoise), false, false);
      // Where no sentence of the grammar fits to its end, the best beginning of one is all there is.
      const soFar = read();
      decoder.stop();
      listening = false;
      const whole = read();
      return whole.length > 0 ? whole : soFar;
    },
    forget() {
      lineNoise = Number.POSITIVE_INFINITY;
      return decoder.reinitialize_audio();
    },
  };

  function withNoise(samples: Int16Array, peak = NOISE): Float32Array {
    return Float32Array.from(samples, (sample) => {
      noiseAt = (noiseAt + 1) % noise.length;
      return sample / 0x8000 + peak * noise[noiseAt]!;
    });
  }

  function read(): HeardWord[] {
    if (decoder.get_text() === '') return [];
    const alignment: Segment = decoder.get_alignment();
    return (alignment.w ?? [])
      .filter(({ t }) => !noWords.test(t))
      .map(({ t, b, d, p }) => ({
        // The dictionary marks a second pronunciation as `a(2)`.
        text: t.replace(/\(\d+\)$/, ''),
        startMs: Math.max(0, Math.round(b * 1000 - PAD_MS)),
        endMs: Math.max(0, Math.round((b + d) * 1000 - PAD_MS)),
        // Against all else that the grammar allows: in noise it says little, as the grammar has no noise.
        confidence: Math.min(1, p),
      }));
  }
}

/** Some seconds of noise from -1 to 1, the same for every utterance, so that what is heard does not depend on chance. */
function makeNoise(): Float32Array {
  let state = 1;
  return Float32Array.from({ length: 50_021 }, () => {
    // Mulberry32.
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x8000_0000 - 1;
  });
}

/** Root mean square, of full scale, of the quietest window near the beginning: the noise of the line. */
function quietest(samples: Int16Array): number {
  const windows = Math.min(QUIET_WINDOWS_MAX, Math.floor(samples.length / QUIET_WINDOW));
  let least = windows === 0 ? 0 : Number.POSITIVE_INFINITY;
  for (let from = 0; from < windows * QUIET_WINDOW; from += QUIET_WINDOW) {
    let sum = 0;
    for (let at = from; at < from + QUIET_WINDOW; at += 1) sum += samples[at]! ** 2;
    least = Math.min(least, Math.sqrt(sum / QUIET_WINDOW));
  }
  return least / 0x8000;
}
