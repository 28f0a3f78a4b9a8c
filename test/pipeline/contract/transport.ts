// What every line must do, whoever carries it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Samples, Transport } from '../../../src/pipeline/types.ts';

/** A line and the caller at its other end. Time passes only when asked to. */
export interface LineAtWork {
  readonly transport: Transport;
  readonly caller: {
    /** Milliseconds of our audio that came out at the caller's ear. */
    heardMs(): number;
    presses(key: string): void;
    hangsUp(): void;
    /** Is gone, without a word. */
    vanishes(): void;
  };
  /** Lets `ms` pass, a multiple of 20, the caller sounding at this sample level all the while. */
  pass(ms: number, level: number): Promise<void>;
  /** The next transfer is refused by whoever carries it out. */
  refuseTransfers(): void;
  close(): Promise<void>;
}

const { signal } = new AbortController();
const target = { phoneNumber: '+15550100' };

/** How far what counts as heard may be from what was heard, in milliseconds. */
const HEARD_MS = 60;
const LEAD_MS = 400;

export function transportContract(name: string, open: () => Promise<LineAtWork>): void {
  test(`${name}: caller audio comes in steady 20 ms frames`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    const frames: Samples[] = [];
    const read = collect(transport.incoming, frames);
    await work.pass(1000, 4000);
    await work.pass(1000, 0);
    work.caller.hangsUp();
    await work.pass(20, 0);
    await read;
    assert.ok(Math.abs(frames.length - 100) <= 6, `${frames.length} frames in 2 s`);
    for (const frame of frames) assert.equal(frame.length, transport.sampleRate / 50);
    const loud = frames.filter((frame) => Math.abs(frame[0]!) > 3000).length;
    assert.ok(Math.abs(loud - 50) <= 6, `${loud} loud frames of 50`);
  });

  test(`${name}: what is played is heard, whole and in time`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    const played = watch(transport.play(sound(transport, 2000), signal));
    await work.pass(1000, 0);
    assert.equal(played.state, 'waiting');
    assert.ok(Math.abs(transport.heardMs() - work.caller.heardMs()) <= HEARD_MS);
    assert.ok(work.caller.heardMs() >= 800);
    await work.pass(800, 0);
    assert.equal(played.state, 'resolved', 'no more than the lead is left');
    const drained = watch(transport.drain(signal));
    await work.pass(600, 0);
    assert.equal(drained.state, 'resolved');
    assert.equal(work.caller.heardMs(), 2000);
    assert.equal(transport.heardMs(), 2000);
  });

  test(`${name}: clear silences at once, and what was dropped was not heard`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    void transport.play(sound(transport, 3000), signal);
    await work.pass(600, 0);
    transport.clear();
    await work.pass(20, 0);
    const heard = work.caller.heardMs();
    assert.ok(Math.abs(transport.heardMs() - heard) <= HEARD_MS);
    await work.pass(1000, 0);
    assert.equal(work.caller.heardMs(), heard, 'silence');
    void transport.play(sound(transport, 200), signal);
    await work.pass(600, 0);
    assert.equal(work.caller.heardMs(), heard + 200, 'and can speak again');
  });

  test(`${name}: an interrupted play or drain is rejected, not completed`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    const abort = new AbortController();
    const played = watch(transport.play(sound(transport, 3000), abort.signal));
    const drained = watch(transport.drain(abort.signal));
    await work.pass(400, 0);
    transport.clear();
    abort.abort(new Error('interrupted'));
    await work.pass(40, 0);
    assert.deepEqual([played.state, drained.state], ['rejected', 'rejected']);
  });

  test(`${name}: hold silences, resume plays on from where the caller stopped hearing`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    void transport.play(sound(transport, 2000), signal);
    await work.pass(700, 0);
    transport.hold();
    await work.pass(20, 0);
    const heard = work.caller.heardMs();
    const counted = transport.heardMs();
    await work.pass(1000, 0);
    assert.equal(work.caller.heardMs(), heard, 'silence');
    assert.equal(transport.heardMs(), counted);
    transport.resume();
    const drained = watch(transport.drain(signal));
    await work.pass(2000, 0);
    assert.equal(drained.state, 'resolved');
    assert.equal(transport.heardMs(), 2000);
    assert.ok(Math.abs(work.caller.heardMs() - 2000) <= HEARD_MS);
  });

  test(`${name}: clear drops held audio; resume alone does nothing`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    transport.resume();
    void transport.play(sound(transport, 2000), signal);
    await work.pass(400, 0);
    transport.hold();
    transport.clear();
    transport.resume();
    await work.pass(1000, 0);
    assert.ok(work.caller.heardMs() <= 400 + HEARD_MS);
  });

  test(`${name}: never far ahead of the caller's ear`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    let playedMs = 0;
    const playing = (async () => {
      for (; playedMs < 3000; playedMs += 40) await transport.play(sound(transport, 40), signal);
    })();
    for (let ms = 0; ms < 3000; ms += 100) {
      await work.pass(100, 0);
      const ahead = playedMs - work.caller.heardMs();
      assert.ok(ahead <= LEAD_MS + HEARD_MS, `${ahead} ms ahead`);
    }
    await playing;
  });

  test(`${name}: keys arrive in order`, async (t) => {
    const work = await atWork(t, open);
    const keys: string[] = [];
    const read = collect(work.transport.keys, keys);
    for (const key of '15*0#') {
      work.caller.presses(key);
      await work.pass(200, 0);
    }
    work.caller.hangsUp();
    await work.pass(20, 0);
    await read;
    assert.equal(keys.join(''), '15*0#');
  });

  test(`${name}: the caller hangs up`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    const played = watch(transport.play(sound(transport, 5000), signal));
    await work.pass(1000, 0);
    work.caller.hangsUp();
    await work.pass(20, 0);
    assert.equal(await transport.ended, 'caller');
    const connected = transport.connectedMs();
    assert.ok(Math.abs(connected - 1000) <= 40, `${connected} ms connected`);
    await work.pass(500, 0);
    assert.equal(transport.connectedMs(), connected, 'final');
    assert.notEqual(played.state, 'resolved', 'what nobody heard was not played');
    await transport.hangUp();
    assert.equal(await transport.ended, 'caller');
  });

  test(`${name}: the caller vanishes`, async (t) => {
    const work = await atWork(t, open);
    await work.pass(1000, 0);
    work.caller.vanishes();
    await work.pass(12_000, 0);
    assert.equal(await work.transport.ended, 'lost');
    const connected = work.transport.connectedMs();
    assert.ok(Math.abs(connected - 1000) <= 40, `${connected} ms connected`);
  });

  test(`${name}: we hang up, twice if need be`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    const read = collect(transport.incoming, []);
    await work.pass(500, 0);
    const hungUp = Promise.all([transport.hangUp(), transport.hangUp()]);
    await work.pass(2500, 0);
    await hungUp;
    assert.equal(await transport.ended, 'hung-up');
    await read;
  });

  test(`${name}: the caller is handed over, and stays so when we let go`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    await work.pass(500, 0);
    const transferred = transport.transfer(target);
    await transferred;
    await transport.hangUp();
    await work.pass(2500, 0);
    assert.equal(await transport.ended, 'transferred');
  });

  test(`${name}: a refused transfer leaves the line as it was`, async (t) => {
    const work = await atWork(t, open);
    const { transport } = work;
    work.refuseTransfers();
    await assert.rejects(transport.transfer(target), { code: 'vendor_failed' });
    void transport.play(sound(transport, 200), signal);
    await work.pass(500, 0);
    assert.equal(work.caller.heardMs(), 200);
    work.caller.hangsUp();
    await work.pass(20, 0);
    assert.equal(await transport.ended, 'caller');
  });
}

async function atWork(t: TestContext, open: () => Promise<LineAtWork>): Promise<LineAtWork> {
  const work = await open();
  t.after(() => work.close());
  return work;
}

function sound({ sampleRate }: Transport, ms: number): Samples {
  return new Int16Array((ms * sampleRate) / 1000).fill(5000);
}

async function collect<T>(source: AsyncIterable<T>, items: T[]): Promise<void> {
  for await (const item of source) items.push(item);
}

function watch(promise: Promise<void>) {
  const watched = { state: 'waiting' as 'waiting' | 'resolved' | 'rejected' };
  promise.then(
    () => (watched.state = 'resolved'),
    () => (watched.state = 'rejected'),
  );
  return watched;
}
