// Caller audio made ready for the line: 20 ms frames, coded and in base64 once, however many calls say it.

import { decodeMulaw, encodeMulaw, meanLevel, SILENCE_BYTE } from './g711.ts';

/** Bytes of one 20 ms frame of 8 kHz mu-law. */
export const FRAME_BYTES = 160;
/** Length of one frame in milliseconds. */
export const LINE_FRAME_MS = 20;
/** Mean level above which a frame counts as sound, in steps of 16-bit audio: some -46 dBFS, above line noise. */
export const AUDIBLE_LEVEL = 160;

/** What a caller says, ready to send. May be shared by calls. */
export interface CallerSpeech {
  /** What is said, where known. */
  readonly text: string;
  /** base64 of 160 bytes each. */
  readonly frames: readonly string[];
  /** Index of the first frame with sound in it; equal to `frames.length` where there is none. */
  readonly firstVoiced: number;
  /** Index of the last frame with sound in it, or -1. */
  readonly lastVoiced: number;
}

/** One frame of nothing. */
export const SILENT_FRAME = Buffer.alloc(FRAME_BYTES, SILENCE_BYTE).toString('base64');

/** `samples`: 8 kHz mono; the last frame is filled with silence. */
export function encodeSpeech(samples: Int16Array, text = ''): CallerSpeech {
  const coded = encodeMulaw(samples);
  const count = Math.ceil(coded.length / FRAME_BYTES);
  const bytes = new Uint8Array(count * FRAME_BYTES).fill(SILENCE_BYTE);
  bytes.set(coded);
  const frames: string[] = [];
  let firstVoiced = count;
  let lastVoiced = -1;
  for (let index = 0; index < count; index += 1) {
    const from = index * FRAME_BYTES;
    frames.push(Buffer.from(bytes.subarray(from, from + FRAME_BYTES)).toString('base64'));
    if (meanLevel(bytes, from, from + FRAME_BYTES) < AUDIBLE_LEVEL) continue;
    firstVoiced = Math.min(firstVoiced, index);
    lastVoiced = index;
  }
  return { text, frames, firstVoiced, lastVoiced };
}

/** A tone of `ms` at 8 kHz: sound where the words do not matter. */
export function tone(ms: number, hertz = 440, amplitude = 8000): Int16Array {
  const step = (2 * Math.PI * hertz) / 8000;
  return Int16Array.from({ length: ms * 8 }, (_, index) => amplitude * Math.sin(step * index));
}

/** `ms` of white noise at 8 kHz; `rms` in steps of 16-bit audio. Repeatable: the same every time. */
export function noise(ms: number, rms = 300): Int16Array {
  let state = 0x2545f491;
  const peak = rms * Math.sqrt(3);
  return Int16Array.from({ length: ms * 8 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 0x8000_0000 - 1) * peak;
  });
}

/** `speech` from somebody who speaks more faintly, by decibels; where its sound begins and ends stays as it was. */
export function fainter(speech: CallerSpeech, byDb: number): CallerSpeech {
  const gain = 10 ** (-byDb / 20);
  return remade(speech, (sample) => sample * gain);
}

/** `speech` with `background` (8 kHz, repeated) under it; where its sound begins and ends stays as it was. */
export function withNoise(speech: CallerSpeech, background: Int16Array): CallerSpeech {
  return remade(speech, (sample, index) => sample + background[index % background.length]!);
}

function remade(
  speech: CallerSpeech,
  change: (sample: number, index: number) => number,
): CallerSpeech {
  const coded = Buffer.concat(speech.frames.map((frame) => Buffer.from(frame, 'base64')));
  const samples = decodeMulaw(coded).map((sample, index) =>
    Math.max(-32_768, Math.min(32_767, change(sample, index))),
  );
  const { firstVoiced, lastVoiced } = speech;
  return { ...encodeSpeech(samples, speech.text), firstVoiced, lastVoiced };
}
