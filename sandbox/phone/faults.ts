// Ways to spoil caller audio on its way out, repeatable: the same seed spoils the same frames.

import type { MediaFrame } from './media-line.ts';

type Mangle = (frame: MediaFrame) => readonly MediaFrame[];

/** Frames leave in another order, within groups of `window`. */
export function shuffled(seed: number, window = 3): Mangle {
  const random = randomFrom(seed);
  let group: MediaFrame[] = [];
  return (frame) => {
    group.push(frame);
    if (group.length < window) return [];
    const out: MediaFrame[] = [];
    while (group.length > 0) out.push(group.splice(Math.floor(random() * group.length), 1)[0]!);
    group = [];
    return out;
  };
}

/** A share of the frames, 0 to 1, is sent twice. */
export function duplicated(seed: number, share: number): Mangle {
  const random = randomFrom(seed);
  return (frame) => (random() < share ? [frame, frame] : [frame]);
}

/** A share of the frames, 0 to 1, is lost. */
export function dropped(seed: number, share: number): Mangle {
  const random = randomFrom(seed);
  return (frame) => (random() < share ? [] : [frame]);
}

/** One after the other: what the first lets through goes into the next. */
export function chained(...mangles: readonly Mangle[]): Mangle {
  return (frame) =>
    mangles.reduce<readonly MediaFrame[]>((frames, mangle) => frames.flatMap(mangle), [frame]);
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
