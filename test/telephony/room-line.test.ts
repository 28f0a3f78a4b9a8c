// A line in a room keeps the contract of every line, on a speaker that plays in virtual time; and the real speaker of
// LiveKit's package counts as that one does.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Tick } from '../../src/lib/clock.ts';
import { AppError } from '../../src/lib/errors.ts';
import { openRoomLine } from '../../src/telephony/room-line.ts';
import type { RoomLineParts, RoomSpeaker } from '../../src/telephony/room-line.ts';
import type { Samples } from '../../src/pipeline/types.ts';
import { transportContract } from '../pipeline/contract/transport.ts';
import { runArguments } from '../support/database/database-server.ts';
import { VirtualClock } from '../support/clock.ts';

/** Takes audio at once and plays it as time passes. */
class Speaker implements RoomSpeaker {
  heardMs = 0;
  #queuedMs = 0;

  async capture(samples: Samples): Promise<void> {
    this.#queuedMs += samples.length / 8;
  }

  queuedMs(): number {
    return this.#queuedMs;
  }

  clear(): void {
    this.#queuedMs = 0;
  }

  play(ms: number): void {
    const played = Math.min(ms, this.#queuedMs);
    this.#queuedMs -= played;
    this.heardMs += played;
  }
}

function open(parts: Partial<RoomLineParts> = {}) {
  const clock = new VirtualClock();
  const speaker = new Speaker();
  const seen = { present: false, left: 0, speeches: 0 };
  const browser = openRoomLine({
    clock,
    tick: new Tick(clock, 20),
    speaker,
    silenceMs: 10_000,
    present: () => seen.present,
    onSpeech: () => (seen.speeches += 1),
    leave: () => (seen.left += 1),
    ...parts,
  });
  const pass = async (ms: number, level: number | 'nothing' = 'nothing') => {
    for (let passed = 0; passed < ms; passed += 20) {
      speaker.play(20);
      await clock.advance(20);
      if (level !== 'nothing') browser.receiveAudio(new Int16Array(160).fill(level));
    }
  };
  return { clock, speaker, line: browser.line, seen, pass };
}

transportContract('room', async () => {
  let there = true;
  let refused = false;
  const { clock, speaker, line, pass } = open({
    async transfer() {
      if (refused) throw new AppError('vendor_failed', 'no telephone here');
    },
  });
  return {
    transport: line,
    caller: {
      heardMs: () => speaker.heardMs,
      presses: (key) => line.receiveKey(key),
      hangsUp() {
        there = false;
        line.left();
      },
      vanishes: () => (there = false),
    },
    pass: (ms, level) => pass(ms, there ? level : 'nothing'),
    refuseTransfers: () => (refused = true),
    async close() {
      line.left();
      await line.ended;
      await clock.advance(0);
      assert.equal(clock.pending, 0, 'nothing is left on the clock');
    },
  };
});

test('speech is told when it begins after silence, not with every piece', async () => {
  const { line, seen, pass } = open();
  const { signal } = new AbortController();
  void line.play(new Int16Array(8000).fill(5000), signal);
  await pass(1200);
  assert.equal(seen.speeches, 1);
  void line.play(new Int16Array(4000).fill(5000), signal);
  await pass(200);
  assert.equal(seen.speeches, 2);
  line.clear();
  void line.play(new Int16Array(4000).fill(5000), signal);
  await pass(700);
  assert.equal(seen.speeches, 3);
  line.left();
});

test('a muted caller is there as long as they are in the room', async () => {
  const { line, seen, pass } = open();
  seen.present = true;
  await pass(30_000);
  seen.present = false;
  let end: string | undefined;
  void line.ended.then((reason) => (end = reason));
  await pass(9000);
  assert.equal(end, undefined);
  await pass(2000);
  assert.equal(end, 'lost');
  assert.equal(seen.left, 1, 'and the room is left');
  assert.ok(Math.abs(line.connectedMs() - 30_000) <= 40);
});

test('a room has no telephone: a transfer is refused and the line stays', async () => {
  const { line } = open();
  await assert.rejects(line.transfer({ phoneNumber: '+15550100' }), { code: 'vendor_failed' });
  await line.hangUp();
  assert.equal(await line.ended, 'hung-up');
});

test("a line hears and speaks through the real package's tracks; a room is not tested here", (t) => {
  const script = fileURLToPath(new URL('room-audio.ts', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [...runArguments, script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status === 3) return t.skip('@livekit/rtc-node cannot be loaded here');
  const told = /\{.*\}/.exec(stdout)?.[0];
  assert.ok(told, stdout);
  const { heard, spoken, heardMs } = JSON.parse(told);
  // A second each way, in frames of 20 ms.
  assert.equal(heard.samples, 160);
  assert.ok(heard.loud >= 35, `the caller is heard: ${told}`);
  assert.ok(spoken.loud >= 35, `we are heard: ${told}`);
  assert.ok(heardMs >= 950 && heardMs <= 1050, `what was played is known: ${told}`);
  assert.equal(spoken.afterClear, 0, `and a clear is quiet: ${told}`);
});

test("the real package's speaker counts as we rely on; media through a room is not tested here", (t) => {
  // In a process of its own: the native library never lets one end.
  const script = fileURLToPath(new URL('room-speaker.ts', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [...runArguments, script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status === 3) return t.skip('@livekit/rtc-node cannot be loaded here');
  const told = /\{.*\}/.exec(stdout)?.[0] ?? '{}';
  const { queued, cleared, played } = JSON.parse(told) as Record<string, number>;
  assert.ok(queued! > 100 && queued! <= 400, `${queued} ms wait: ${stdout}`);
  assert.ok(cleared! < 50, 'dropped');
  assert.ok(played! <= 0, 'played out');
});
