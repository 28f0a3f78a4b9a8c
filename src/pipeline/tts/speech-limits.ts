// What is taken for a fault of any voice: silence while speech is due, and more speech than its text can need.

import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Limit } from '../../lib/timely.ts';

/** From text to its first sound, and between sounds. */
const SILENT_MS_MAX = 2000;
/** Slow digits take half of this. */
const AUDIO_MS_BASE = 10_000;
const AUDIO_MS_PER_CHARACTER = 500;
const AUDIO_MS_MAX = 60_000;
/** Of what a voice is given at once: half a minute of speech, far from what is taken for a fault. */
export const STRETCH_CHARACTERS = 400;

/** Whether no voice makes a sound of it: waiting for one would look like a vendor that has stalled. */
export function isWordless(text: string): boolean {
  return !/[\p{L}\p{N}]/u.test(text);
}

/** For one piece of audio. Its error is `vendor_failed`, of a vendor that has stalled. */
export function silenceLimit(name: string, clock: Clock): Limit {
  return {
    clock,
    ms: SILENT_MS_MAX,
    late: () => stalled(`${name}: nothing for ${SILENT_MS_MAX} ms`),
  };
}

/** Throws the same for audio of `ms` that was made of so many characters, and cannot have been. */
export function checkLength(name: string, ms: number, characters: number): void {
  if (ms <= Math.min(AUDIO_MS_MAX, AUDIO_MS_BASE + characters * AUDIO_MS_PER_CHARACTER)) return;
  throw stalled(`${name}: more audio than its text can need`);
}

/** Of a vendor that says it is done, and has made no sound of words. */
export function noSound(name: string): AppError {
  return stalled(`${name}: no sound`);
}

function stalled(what: string): AppError {
  return new AppError('vendor_failed', what, { upstream: { stalled: true } });
}
