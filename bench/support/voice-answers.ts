// What the voice model says of whole lines, frame by frame, so that each line is heard once and played to many rules.

import { systemClock } from '../../src/lib/clock.ts';
import { quietLog } from '../../src/lib/log.ts';
import { loadResampler } from '../../src/pipeline/audio/resample.ts';
import { loadSileroModel } from '../../src/pipeline/audio/silero-model.ts';
import { SileroDetection } from '../../src/pipeline/audio/silero.ts';
import type { VoiceDetector } from '../../src/pipeline/audio/voice-detector.ts';
import { VirtualClock } from '../../test/support/clock.ts';
import { frames } from '../../test/support/sounds.ts';

const RATE = 8000;
const FRAME_MS = 20;
/** Lines that the model hears together. */
const TOGETHER = 32;

type Answer = Omit<VoiceDetector, 'push' | typeof Symbol.dispose>;
/** What a detector says after each frame. */
export type Answers = readonly Answer[];

const openResampler = await loadResampler();

/** Of lines at 8 kHz. */
export async function hearAll(lines: readonly Int16Array[]): Promise<Answers[]> {
  const answers: Answers[] = [];
  for (let at = 0; at < lines.length; at += TOGETHER) {
    const model = await loadSileroModel();
    const clock = new VirtualClock();
    using detection = new SileroDetection({ clock, log: quietLog, model, openResampler });
    const group = lines.slice(at, at + TOGETHER).map((line) => ({
      given: frames(line, RATE),
      detector: detection.open(RATE),
      answers: [] as Answer[],
    }));
    const longest = Math.max(...group.map(({ given }) => given.length));
    for (let index = 0; index < longest; index += 1) {
      for (const { given, detector, answers: own } of group) {
        const frame = given[index];
        if (!frame) continue;
        detector.push(frame);
        const { voiced, probability, quietMs, faintMs, lastedMs, levelDb } = detector;
        own.push({ voiced, probability, quietMs, faintMs, lastedMs, levelDb });
      }
      await clock.advance(FRAME_MS);
      // The model runs in threads of its own, which the clock knows nothing of.
      await systemClock.sleep(1);
    }
    answers.push(...group.map((each) => each.answers));
  }
  return answers;
}

/** A detector that says what was said of the frame at `index`. */
export function detectorOf(answers: Answers, index: () => number): VoiceDetector {
  return {
    get voiced() {
      return answers[index()]!.voiced;
    },
    get probability() {
      return answers[index()]!.probability;
    },
    get quietMs() {
      return answers[index()]!.quietMs;
    },
    get faintMs() {
      return answers[index()]!.faintMs;
    },
    get lastedMs() {
      return answers[index()]!.lastedMs;
    },
    get levelDb() {
      return answers[index()]!.levelDb;
    },
    push() {},
    [Symbol.dispose]() {},
  };
}
