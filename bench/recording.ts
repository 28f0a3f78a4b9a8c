// What recording costs a call: `node bench/recording.ts`. A frame of both sides, and a hundred calls to a real disk.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newId } from '../src/lib/ids.ts';
import { openShelf } from '../src/recording/shelf.ts';
import { StereoTrack } from '../src/recording/stereo-track.ts';
import { vowels } from '../test/support/sounds.ts';
import { cpuMs, printFigure, printFigures, printMachine, time } from './support/measure.ts';

const FRAME_MS = 20;
const FRAME = 160;
const CALLS = 100;
const SECONDS = 60;

const voice = vowels(8000, 1000);
const frameAt = (n: number) => {
  const from = (n * FRAME) % voice.length;
  return voice.subarray(from, from + FRAME);
};

printMachine();
{
  const track = new StereoTrack(8000);
  let frames = 0;
  printFigures(
    'a frame with both sides speaking',
    time(() => {
      if (frames % 50 === 0) track.push(voice);
      frames += 1;
      return track.frame(frameAt(frames), (frames - 3) * FRAME_MS);
    }),
    'us',
  );
}
{
  const folder = mkdtempSync(path.join(tmpdir(), 'frontdesk-bench-'));
  const shelf = openShelf(folder, undefined);
  const calls = await Promise.all(
    Array.from({ length: CALLS }, async (_, n) => ({
      track: new StereoTrack(8000),
      file: await shelf.create(newId(n)),
    })),
  );
  const before = process.cpuUsage();
  for (let second = 0; second < SECONDS; second += 1) {
    await Promise.all(
      calls.map(async ({ track, file }) => {
        track.push(voice);
        const pieces = [];
        for (let n = 0; n < 50; n += 1) {
          const at = second * 50 + n;
          pieces.push(track.frame(frameAt(at), Math.max(0, at - 3) * FRAME_MS));
        }
        await file.write(Buffer.concat(pieces));
      }),
    );
  }
  const ms = cpuMs(before) / (CALLS * SECONDS);
  await Promise.all(calls.map(({ file }) => file.close()));
  printFigure('CPU of a second of one of a hundred recorded calls', ms, 'ms');
  printFigure('bytes of a second', 2 * 8000, 'B');
  rmSync(folder, { recursive: true });
}
