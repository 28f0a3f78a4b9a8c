// Caller media in every disorder: what comes out is the clean audio, at the pace of the clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMulaw } from '../../src/pipeline/audio/mulaw.ts';
import { SteadyFrames } from '../../src/telephony/steady-frames.ts';
import type { StreamMedia } from '../../src/telephony/twilio-messages.ts';
import { VirtualClock } from '../support/clock.ts';

/** Chunk `n` of a stream: 20 ms that hold their own number. */
function chunk(n: number, from: Partial<StreamMedia> = {}): StreamMedia {
  const payload = new Uint8Array(160).fill(n % 120);
  return { streamSid: 'MZ1', chunk: n, timestampMs: (n - 1) * 20 + 5, payload, ...from };
}

function open() {
  const clock = new VirtualClock();
  const frames = new SteadyFrames(clock);
  const ticking = clock.every(20, () => frames.tick(clock.elapsed()));
  return {
    clock,
    frames,
    /** Ends the line and gives what came out: the number each frame holds, `-` for silence. */
    async read(): Promise<string> {
      ticking[Symbol.dispose]();
      frames.end();
      const seen: string[] = [];
      for await (const frame of frames.frames) {
        assert.equal(frame.length, 160);
        seen.push(nameOf(frame));
      }
      assert.equal(clock.pending, 0);
      return seen.join(' ');
    },
  };
}

const levels = Array.from(decodeMulaw(Uint8Array.from({ length: 120 }, (_, n) => n)));

function nameOf(frame: Int16Array): string {
  if (frame.every((sample) => sample === 0)) return '-';
  assert.ok(frame.every((sample) => sample === frame[0]));
  return String(levels.indexOf(frame[0]!));
}

/** Plays arrivals at their times, in milliseconds. */
async function arrive(
  line: ReturnType<typeof open>,
  arrivals: readonly (readonly [atMs: number, media: StreamMedia])[],
  untilMs: number,
): Promise<void> {
  for (const [atMs, media] of arrivals) {
    await line.clock.advance(atMs - line.clock.elapsed());
    line.frames.add(media);
  }
  await line.clock.advance(untilMs - line.clock.elapsed());
}

const tables: readonly {
  readonly what: string;
  readonly arrivals: readonly (readonly [number, StreamMedia])[];
  readonly untilMs: number;
  readonly out: string;
}[] = [
  {
    what: 'in order',
    arrivals: [1, 2, 3, 4].map((n) => [n * 20, chunk(n)]),
    untilMs: 90,
    out: '1 2 3 4',
  },
  {
    what: 'two swapped',
    arrivals: [
      [20, chunk(1)],
      [40, chunk(3)],
      [41, chunk(2)],
      [60, chunk(4)],
    ],
    untilMs: 70,
    out: '1 2 3 4',
  },
  {
    what: 'the very first two swapped',
    arrivals: [
      [20, chunk(2)],
      [21, chunk(1)],
      [40, chunk(3)],
    ],
    untilMs: 50,
    out: '1 2 3',
  },
  {
    what: 'three chunks late, just inside the window',
    arrivals: [
      [20, chunk(1)],
      [40, chunk(3)],
      [60, chunk(4)],
      [80, chunk(5)],
      [90, chunk(2)],
    ],
    untilMs: 95,
    out: '1 2 3 4 5',
  },
  {
    what: 'each chunk twice',
    arrivals: [1, 2, 3].flatMap((n) => [
      [n * 20, chunk(n)] as const,
      [n * 20 + 1, chunk(n)] as const,
    ]),
    untilMs: 70,
    out: '1 2 3',
  },
  {
    what: 'an early chunk twice',
    arrivals: [
      [20, chunk(1)],
      [40, chunk(3)],
      [41, chunk(3)],
      [60, chunk(2)],
    ],
    untilMs: 65,
    out: '1 2 3',
  },
  {
    what: 'one never comes: its place is filled',
    arrivals: [
      [20, chunk(1)],
      [60, chunk(3)],
      [80, chunk(4)],
      [100, chunk(5)],
      [120, chunk(6)],
    ],
    untilMs: 130,
    out: '1 - 3 4 5 6',
  },
  {
    what: 'it comes after its place was filled',
    arrivals: [
      [20, chunk(1)],
      [60, chunk(3)],
      [80, chunk(4)],
      [100, chunk(5)],
      [120, chunk(6)],
      [125, chunk(2)],
      [140, chunk(7)],
    ],
    untilMs: 150,
    out: '1 - 3 4 5 6 7',
  },
  {
    what: 'the carrier counted on but left time out',
    arrivals: [
      [20, chunk(1)],
      [80, chunk(2, { timestampMs: 65 })],
      [100, chunk(3, { timestampMs: 85 })],
    ],
    untilMs: 110,
    out: '1 - - 2 3',
  },
  {
    what: 'jitter inside the window fills nothing',
    arrivals: [
      [20, chunk(1)],
      [75, chunk(2)],
      [76, chunk(3)],
      [80, chunk(4)],
      [135, chunk(5)],
      [136, chunk(6)],
    ],
    untilMs: 150,
    out: '1 2 3 4 5 6',
  },
  {
    what: 'a carrier that sends 100 ms at a time needs no filling once it is known',
    arrivals: [100, 200, 300, 400].flatMap((at, i) =>
      [1, 2, 3, 4, 5].map((n) => [at, chunk(i * 5 + n)] as const),
    ),
    untilMs: 410,
    out: '- - - - - 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20',
  },
  {
    what: 'audio of half frames is joined, of long ones cut',
    arrivals: [
      [10, chunk(1, { timestampMs: 5, payload: new Uint8Array(80).fill(1) })],
      [20, chunk(2, { timestampMs: 15, payload: new Uint8Array(80).fill(1) })],
      [60, chunk(3, { timestampMs: 25, payload: new Uint8Array(480).fill(3) })],
    ],
    untilMs: 70,
    out: '1 3 3 3',
  },
  {
    what: 'a timestamp from the far future fills no more than time has passed',
    arrivals: [
      [20, chunk(1)],
      [40, chunk(2, { timestampMs: 9_000_000 })],
      [60, chunk(3)],
      [80, chunk(4)],
    ],
    untilMs: 90,
    out: '1 - - - - 2 3 4',
  },
  {
    what: 'a timestamp that goes back fills nothing',
    arrivals: [
      [20, chunk(1, { timestampMs: 5000 })],
      [40, chunk(2, { timestampMs: 5 })],
      [60, chunk(3, { timestampMs: 25 })],
    ],
    untilMs: 70,
    out: '1 2 3',
  },
];

for (const { what, arrivals, untilMs, out } of tables) {
  test(`frames: ${what}`, async () => {
    const line = open();
    await arrive(line, arrivals, untilMs);
    assert.equal(await line.read(), out);
  });
}

test('when nothing comes the clock goes on, after 80 ms', async () => {
  const line = open();
  await arrive(line, [[0, chunk(1)]], 1500);
  const out = await line.read();
  assert.equal(out.split(' ').length, 75);
  assert.equal(line.frames.counts.filled, 74);
});

test('frames keep to the clock over a minute of jitter and losses', async () => {
  const line = open();
  let frames = 0;
  let seed = 7;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const reading = (async () => {
    for await (const frame of line.frames.frames) frames += frame.length / 160;
  })();
  for (let n = 1; n <= 3000; n += 1) {
    const due = n * 20 + random() * 50;
    await line.clock.advance(Math.max(0, due - line.clock.elapsed()));
    if (random() > 0.02) line.frames.add(chunk(n));
  }
  await line.read();
  await reading;
  assert.ok(Math.abs(frames - 3000) <= 10, `${frames} frames in a minute`);
});

test('shuffled within three and a tenth repeated, the caller sounds the same', async () => {
  const line = open();
  const arrivals: [number, StreamMedia][] = [];
  for (let n = 1; n <= 90; n += 3) {
    const order = [
      [n, n + 1, n + 2],
      [n + 2, n + 1, n],
      [n + 1, n + 2, n],
      [n + 2, n, n + 1],
    ][n % 4]!;
    for (const [i, each] of order.entries()) arrivals.push([(n + i) * 20, chunk(each)]);
    if (n % 2 === 0) arrivals.push([(n + 2) * 20, chunk(n)]);
  }
  await arrive(line, arrivals, 1850);
  const out = await line.read();
  assert.equal(out, Array.from({ length: 90 }, (_, i) => i + 1).join(' '));
  assert.ok(line.frames.counts.reordered > 0);
  assert.equal(line.frames.counts.stale, 15);
});

test('a carrier that counts anew is followed', async () => {
  const line = open();
  const before = Array.from({ length: 20 }, (_, i) => [i * 20, chunk(i + 1)] as const);
  const after = Array.from({ length: 30 }, (_, i) => [400 + i * 20, chunk(i + 1)] as const);
  await arrive(line, [...before, ...after], 1010);
  const out = (await line.read()).split(' ');
  assert.deepEqual(
    out.slice(-19),
    Array.from({ length: 19 }, (_, i) => String(i + 12)),
  );
});

test('audio faster than anybody can speak is dropped', async () => {
  const line = open();
  let frames = 0;
  const reading = (async () => {
    for await (const frame of line.frames.frames) frames += frame.length / 160;
  })();
  for (let n = 1; n <= 1000; n += 1) {
    await line.clock.advance(2);
    line.frames.add(chunk(n));
  }
  await line.read();
  await reading;
  assert.ok(frames <= 200 + 1, `${frames} frames in two seconds`);
  assert.ok(line.frames.counts.ahead >= 790);
});

test('after a stall of the network the words that waited are not lost', async () => {
  const line = open();
  const arrivals: (readonly [number, StreamMedia])[] = [];
  for (let n = 1; n <= 25; n += 1) arrivals.push([n * 20, chunk(n)]);
  for (let n = 26; n <= 60; n += 1) arrivals.push([1200, chunk(n)]);
  await arrive(line, arrivals, 1210);
  const out = (await line.read()).split(' ').filter((name) => name !== '-');
  assert.deepEqual(
    out,
    Array.from({ length: 60 }, (_, i) => String(i + 1)),
  );
});

test('a pause of our own process is not taken for the silence of the caller', async () => {
  const clock = new VirtualClock();
  const frames = new SteadyFrames(clock);
  for (let n = 1; n <= 5; n += 1) {
    await clock.advance(20);
    frames.add(chunk(n));
    frames.tick(clock.elapsed());
  }
  await clock.advance(500);
  // The timer comes first, then what waited in the socket.
  frames.tick(clock.elapsed());
  for (let n = 6; n <= 30; n += 1) frames.add(chunk(n));
  await clock.advance(20);
  frames.tick(clock.elapsed());
  assert.equal(frames.counts.filled, 0);
  assert.equal(frames.counts.frames, 30);
  frames.end();
});

test('two seconds wait for a reader, then the oldest go', async () => {
  const line = open();
  for (let n = 1; n <= 119; n += 1) {
    await line.clock.advance(20);
    line.frames.add(chunk(n));
  }
  assert.equal(line.frames.counts.unread, 19);
  const out = (await line.read()).split(' ');
  assert.equal(out.length, 100);
  assert.equal(out.at(-1), '119');
});
