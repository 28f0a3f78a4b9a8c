// Playout against a carrier that plays by the clock: pace, what was heard, holding, dropping, and peers that fail.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tick } from '../../src/lib/clock.ts';
import { encodeMulaw } from '../../src/pipeline/audio/mulaw.ts';
import type { Samples } from '../../src/pipeline/types.ts';
import { LEAD_MS, Playout } from '../../src/telephony/playout.ts';
import { VirtualClock } from '../support/clock.ts';
import { CarrierQueue } from './carrier-queue.ts';

interface LineOptions {
  /** Milliseconds from us to the carrier, and back. */
  readonly delayMs?: number;
  readonly marks?: 'returned' | 'never' | 'at once';
  readonly queuedBytes?: () => number;
}

function openLine({ delayMs = 0, marks = 'returned', queuedBytes = () => 0 }: LineOptions = {}) {
  const clock = new VirtualClock();
  const tick = new Tick(clock, 20);
  let stuck = 0;
  const later = (act: () => void) => {
    if (delayMs === 0) act();
    else clock.after(delayMs, act);
  };
  const carrier = new CarrierQueue((name) => {
    if (marks === 'returned') later(() => playout.returned(name));
  });
  const playout = new Playout(clock, {
    media: (audio) => later(() => carrier.media(audio)),
    mark(name) {
      if (marks === 'at once') playout.returned(name);
      else later(() => carrier.mark(name));
    },
    clear: () => later(() => carrier.clear()),
    queuedBytes,
    stuck: () => (stuck += 1),
  });
  const playing = clock.every(20, () => carrier.play(20));
  const ticking = tick.add(() => playout.tick());
  const abort = new AbortController();
  return {
    clock,
    carrier,
    playout,
    signal: abort.signal,
    abort,
    get stuck() {
      return stuck;
    },
    close() {
      playing[Symbol.dispose]();
      ticking[Symbol.dispose]();
      assert.equal(clock.pending, 0, 'nothing is left on the clock');
    },
  };
}

/** Samples that can be told apart after mu-law: each 20 ms has its own level. */
function speech(ms: number): Samples {
  return Int16Array.from({ length: ms * 8 }, (_, i) => 500 + (Math.floor(i / 160) % 60) * 500);
}

/** A promise, watched. */
function watch(promise: Promise<void>) {
  const watched = { state: 'waiting' as 'waiting' | 'resolved' | 'rejected' };
  promise.then(
    () => (watched.state = 'resolved'),
    () => (watched.state = 'rejected'),
  );
  return watched;
}

/** Lets time pass until `promise` has settled. */
async function settled(line: ReturnType<typeof openLine>, promise: Promise<void>): Promise<void> {
  const watched = watch(promise);
  await line.clock.advance(0);
  for (let n = 0; watched.state === 'waiting' && n < 100; n += 1) await line.clock.advance(20);
  await promise;
}

test('audio arrives whole, in order, without gaps, never more than the lead ahead', async () => {
  const line = openLine();
  const words = speech(3000);
  const played = watch(line.playout.play(words, line.signal));
  for (let ms = 0; ms < 3400; ms += 20) {
    await line.clock.advance(20);
    assert.ok(line.carrier.waitingMs <= LEAD_MS, `${line.carrier.waitingMs} ms wait`);
    if (ms === 2600) assert.equal(played.state, 'waiting');
  }
  assert.equal(played.state, 'resolved');
  assert.deepEqual(Uint8Array.from(line.carrier.heard), encodeMulaw(words));
  assert.equal(line.carrier.gapsMs, 0);
  assert.equal(line.playout.heardMs(), 3000);
  assert.deepEqual(new Set(line.carrier.lengths), new Set([800]), 'pieces of 100 ms');
  line.close();
});

test('play resolves when no more than the lead is unplayed', async () => {
  const line = openLine();
  const first = watch(line.playout.play(speech(300), line.signal));
  const second = watch(line.playout.play(speech(100), line.signal));
  await line.clock.advance(0);
  assert.deepEqual([first.state, second.state], ['resolved', 'waiting']);
  await line.clock.advance(80);
  assert.equal(second.state, 'waiting');
  await line.clock.advance(40);
  assert.equal(second.state, 'resolved');
  line.close();
});

test('pieces of any length are joined into frames, and the rest is filled up at the end', async () => {
  const line = openLine();
  const words = speech(1000);
  for (let at = 0; at < words.length; at += 137) {
    await settled(line, line.playout.play(words.subarray(at, at + 137), line.signal));
  }
  const drained = line.playout.drain(line.signal);
  await line.clock.advance(1000);
  await drained;
  for (const length of line.carrier.lengths) assert.equal(length % 160, 0);
  assert.deepEqual(Uint8Array.from(line.carrier.heard).subarray(0, 8000), encodeMulaw(words));
  assert.ok(line.carrier.heard.slice(8000).every((byte) => byte === 0xff));
  line.close();
});

test('a rest shorter than a frame waits for more', async () => {
  const line = openLine();
  await line.playout.play(speech(20).subarray(0, 100), line.signal);
  await line.clock.advance(500);
  assert.equal(line.carrier.heardMs, 0);
  await line.playout.play(speech(20).subarray(100), line.signal);
  await line.clock.advance(100);
  assert.equal(line.carrier.heardMs, 20);
  line.close();
});

test('many small pieces become few messages', async () => {
  const line = openLine();
  const words = speech(4000);
  for (let at = 0; at < words.length; at += 160) {
    await settled(line, line.playout.play(words.subarray(at, at + 160), line.signal));
  }
  await line.clock.advance(1000);
  assert.equal(line.carrier.heardMs, 4000);
  assert.equal(line.carrier.gapsMs, 0);
  assert.ok(line.carrier.messages < 75, `${line.carrier.messages} messages for 4 s`);
  line.close();
});

test('drain waits for the mark that proves the last sound', async () => {
  const line = openLine({ delayMs: 60 });
  await line.playout.play(speech(200), line.signal);
  const drained = watch(line.playout.drain(line.signal));
  await line.clock.advance(300);
  assert.equal(line.carrier.heardMs, 200);
  assert.equal(drained.state, 'waiting', 'the mark is on its way');
  await line.clock.advance(80);
  assert.equal(drained.state, 'resolved');
  line.close();
});

test('drain of a quiet line is immediate', async () => {
  const line = openLine();
  await line.playout.drain(line.signal);
  line.close();
});

test('a peer that never returns marks is believed by the clock', async () => {
  const line = openLine({ marks: 'never' });
  void line.playout.play(speech(2000), line.signal);
  await line.clock.advance(1000);
  assert.equal(line.playout.heardMs(), 1000);
  const drained = watch(line.playout.drain(line.signal));
  await line.clock.advance(1500);
  assert.equal(line.carrier.heardMs, 2000);
  assert.equal(drained.state, 'waiting');
  await line.clock.advance(600);
  assert.equal(drained.state, 'resolved');
  assert.equal(line.stuck, 0);
  line.close();
});

test('marks that come too soon do not make the clock run faster', async () => {
  const line = openLine({ marks: 'at once' });
  void line.playout.play(speech(2000), line.signal);
  await line.clock.advance(500);
  assert.equal(line.playout.heardMs(), 500);
  assert.ok(line.carrier.waitingMs <= LEAD_MS);
  line.close();
});

test('what counts as heard is what the caller heard, whatever the way there takes', async () => {
  for (const delayMs of [0, 20, 50, 120]) {
    const line = openLine({ delayMs });
    void line.playout.play(speech(4000), line.signal);
    await line.clock.advance(500);
    let before = 0;
    for (let ms = 500; ms < 3000; ms += 20) {
      await line.clock.advance(20);
      const believed = line.playout.heardMs();
      const error = believed - line.carrier.heardMs;
      // The carrier plays in steps of 20 ms.
      assert.ok(Math.abs(error) <= delayMs + 40, `off by ${error} ms with ${delayMs} ms of way`);
      assert.ok(believed >= before, 'never goes back');
      before = believed;
    }
    line.playout.clear();
    await line.clock.advance(500);
    line.close();
  }
});

test('clear drops what is unheard, and its returning marks prove nothing', async () => {
  const line = openLine();
  void line.playout.play(speech(3000), line.signal);
  await line.clock.advance(500);
  line.playout.clear();
  assert.equal(line.carrier.clears, 1);
  const heard = line.playout.heardMs();
  assert.ok(Math.abs(heard - 500) <= 20, `${heard} ms`);
  await line.clock.advance(1000);
  assert.equal(line.playout.heardMs(), heard);
  assert.ok(line.carrier.heardMs <= 500);
  await line.playout.play(speech(200), line.signal);
  await line.clock.advance(400);
  assert.equal(line.playout.heardMs(), heard + 200);
  line.close();
});

test('a mark of before a clear does not prove what was sent after it', async () => {
  const line = openLine({ delayMs: 100 });
  await line.playout.play(speech(300), line.signal);
  const drained = watch(line.playout.drain(line.signal));
  await line.clock.advance(60);
  line.playout.clear();
  void line.playout.play(speech(300), line.signal);
  const second = watch(line.playout.drain(line.signal));
  // The marks of the first are back now; the second has only begun to play.
  await line.clock.advance(240);
  assert.equal(drained.state, 'resolved');
  assert.equal(second.state, 'waiting');
  assert.ok(line.playout.heardMs() <= 300);
  await line.clock.advance(400);
  assert.equal(second.state, 'resolved');
  line.close();
});

test('an interruption finds play and drain rejected, not completed', async () => {
  const line = openLine();
  const played = watch(line.playout.play(speech(3000), line.signal));
  const drained = watch(line.playout.drain(line.signal));
  await line.clock.advance(200);
  line.playout.clear();
  line.abort.abort(new Error('interrupted'));
  await line.clock.advance(0);
  assert.deepEqual([played.state, drained.state], ['rejected', 'rejected']);
  line.close();
});

test('without an abort, play and drain resolve soon after a clear', async () => {
  const line = openLine();
  const played = watch(line.playout.play(speech(3000), line.signal));
  const drained = watch(line.playout.drain(line.signal));
  await line.clock.advance(200);
  line.playout.clear();
  await line.clock.advance(20);
  assert.deepEqual([played.state, drained.state], ['resolved', 'resolved']);
  line.close();
});

test('an aborted signal stops play before anything is queued', async () => {
  const line = openLine();
  line.abort.abort(new Error('over'));
  await assert.rejects(line.playout.play(speech(100), line.signal), /over/);
  await assert.rejects(line.playout.drain(line.signal), /over/);
  await line.clock.advance(200);
  assert.equal(line.carrier.messages, 0);
  line.close();
});

test('after hold and resume the caller has heard every sound once', async () => {
  for (const heldAt of [0, 20, 110, 500, 730, 1000, 1990]) {
    const line = openLine();
    const words = speech(2000);
    void line.playout.play(words, line.signal);
    await line.clock.advance(heldAt);
    line.playout.hold();
    const heard = line.playout.heardMs();
    await line.clock.advance(700);
    assert.equal(line.playout.heardMs(), heard, 'nothing is heard while held');
    const before = line.carrier.heard.length;
    line.playout.resume();
    const drained = line.playout.drain(line.signal);
    await line.clock.advance(3000);
    await drained;
    assert.equal(line.playout.heardMs(), 2000);
    const error = line.carrier.heardMs - 2000;
    assert.ok(Math.abs(error) <= 20, `held at ${heldAt}: ${error} ms more or less`);
    const afterwards = Uint8Array.from(line.carrier.heard.slice(before));
    assert.deepEqual(afterwards, encodeMulaw(words).subarray(heard * 8));
    line.close();
  }
});

test('hold after a late mark still has every byte', async () => {
  const line = openLine({ delayMs: 150 });
  const words = speech(2000);
  void line.playout.play(words, line.signal);
  await line.clock.advance(620);
  line.playout.hold();
  const heardAtHold = line.playout.heardMs() * 8;
  await line.clock.advance(400);
  const before = line.carrier.heard.length;
  line.playout.resume();
  await line.clock.advance(4000);
  const again = Uint8Array.from(line.carrier.heard.slice(before));
  assert.deepEqual(again, encodeMulaw(words).subarray(heardAtHold));
  line.close();
});

test('play goes on queueing behind held audio, up to the lead', async () => {
  const line = openLine();
  await line.playout.play(speech(200), line.signal);
  await line.clock.advance(100);
  line.playout.hold();
  const more = watch(line.playout.play(speech(1000), line.signal));
  await line.clock.advance(2000);
  assert.equal(more.state, 'waiting');
  assert.ok(line.carrier.heardMs <= 100);
  line.playout.resume();
  await line.clock.advance(1500);
  assert.equal(more.state, 'resolved');
  assert.equal(line.playout.heardMs(), 1200);
  line.close();
});

test('clear drops held audio; resume without hold does nothing', async () => {
  const line = openLine();
  void line.playout.play(speech(1000), line.signal);
  await line.clock.advance(200);
  line.playout.hold();
  line.playout.clear();
  line.playout.resume();
  await line.clock.advance(1000);
  assert.ok(line.carrier.heardMs <= 200);
  assert.equal(line.carrier.clears, 1, 'an empty queue is not cleared again');
  await line.playout.play(speech(100), line.signal);
  await line.clock.advance(200);
  assert.ok(line.carrier.heardMs >= 300 - 20);
  line.close();
});

test('a peer that stops playing is given up after four seconds of audio', async () => {
  let playing = true;
  const line = openLine();
  const carrier = line.carrier;
  const play = carrier.play.bind(carrier);
  carrier.play = (ms) => (playing ? play(ms) : undefined);
  const played = watch(line.playout.play(speech(60_000), line.signal));
  await line.clock.advance(2000);
  playing = false;
  await line.clock.advance(3000);
  assert.equal(line.stuck, 0);
  assert.ok(line.playout.heardMs() <= 3000, 'not believed for longer than a second');
  await line.clock.advance(1500);
  assert.equal(line.stuck, 1);
  assert.ok(carrier.waitingMs <= 4200, `${carrier.waitingMs} ms were sent`);
  const heard = line.playout.heardMs();
  await line.clock.advance(5000);
  assert.equal(line.stuck, 1);
  assert.equal(line.playout.heardMs(), heard);
  assert.equal(played.state, 'waiting', 'until its signal aborts');
  line.abort.abort(new Error('over'));
  await line.clock.advance(0);
  assert.equal(played.state, 'rejected');
  line.close();
});

test('a socket that takes no more is given up', async () => {
  let queued = 0;
  const line = openLine({ marks: 'never', queuedBytes: () => queued });
  void line.playout.play(speech(60_000), line.signal);
  await line.clock.advance(1000);
  assert.equal(line.stuck, 0);
  queued = 100_000;
  await line.clock.advance(200);
  assert.equal(line.stuck, 1);
  line.close();
});

test('audio that nobody waits for has a bound', async () => {
  const line = openLine();
  const minute = speech(60_000);
  void line.playout.play(minute, line.signal);
  void line.playout.play(minute, line.signal);
  await assert.rejects(line.playout.play(minute, line.signal), { code: 'internal' });
  line.close();
});
