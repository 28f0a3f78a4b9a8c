// What every recogniser must do, whoever it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Channel } from '../../../src/lib/channel.ts';
import { AppError } from '../../../src/lib/errors.ts';
import type { CallerAudio, SpeechToText, Transcript } from '../../../src/pipeline/types.ts';
import { FLUSH } from '../../../src/pipeline/types.ts';
import { until } from '../../support/until.ts';

/** A recogniser and the vendor behind it. */
export interface RecogniserAtWork {
  readonly speechToText: SpeechToText & Disposable;
  /** Caller audio in which the vendor hears `text`, up to 20 ms frames at 8 kHz. */
  speech(text: string): readonly Int16Array[];
  /** Connections open at the vendor. */
  connections(): number;
  /** Cuts them. */
  cut(): void;
  /** May be called again. */
  close(): Promise<void>;
}

const sampleRate = 8000;
const silence = new Int16Array(160);

export function speechToTextContract(name: string, start: () => Promise<RecogniserAtWork>): void {
  test(`${name}: hears what is said, and ends after the last words`, async (t) => {
    const { work, audio, heard, ended } = await listening(t, start);
    say(audio, work.speech('hello there'));
    await until('it has heard the words', () => wordsOf(heard).includes('hello there'));
    audio.end();
    await ended;
    await closed(work);
  });

  test(`${name}: answers every flush once`, async (t) => {
    const { work, audio, heard, ended } = await listening(t, start);
    const flushes = () => heard.filter((each) => each.type === 'words' && each.flushed).length;
    for (let count = 1; count <= 3; count += 1) {
      say(audio, work.speech('yes'));
      audio.push(FLUSH);
      await until(`flush ${count} is answered`, () => flushes() === count);
    }
    audio.end();
    await ended;
    assert.equal(flushes(), 3);
    await closed(work);
  });

  test(`${name}: stops at once with the reason of the signal`, async (t) => {
    const { work, audio, ended, stop } = await listening(t, start);
    say(audio, work.speech('hello there'));
    const reason = new Error('the call is over');
    stop.abort(reason);
    await assert.rejects(ended, reason);
    await until('nothing is open at the vendor', () => work.connections() === 0);
    await closed(work);
  });

  test(`${name}: hears on after a dropped connection`, async (t) => {
    const { work, audio, heard, ended } = await listening(t, start);
    say(audio, work.speech('hello there'));
    await until('it has heard the words', () => wordsOf(heard).includes('hello there'));
    work.cut();
    await until('it knows of the cut', () => work.connections() === 0);
    // What is said before it is connected again is lost. Not so fast that no vendor could answer in time.
    let turns = 0;
    await until('it hears on', () => {
      if (turns % 100 === 0) say(audio, work.speech('good morning'));
      turns += 1;
      return wordsOf(heard).includes('good morning');
    });
    audio.end();
    await ended;
    await closed(work);
  });

  test(`${name}: reports a vendor that is gone as vendor_failed`, async (t) => {
    const { work, audio, ended } = await listening(t, start);
    say(audio, work.speech('hello there'));
    await work.close();
    await assert.rejects(ended, isVendorFailed);
  });
}

export function isVendorFailed(error: unknown): boolean {
  return error instanceof AppError && error.code === 'vendor_failed';
}

/** All words so far, joined: final ones, whole turns, and the segment that is not final yet. */
function wordsOf(heard: readonly Transcript[]): string {
  const done: string[] = [];
  let open = '';
  for (const each of heard) {
    if (each.type === 'end-of-turn') {
      done.push(each.text);
      open = '';
    } else if (each.type === 'words') {
      open = each.final ? '' : each.text;
      if (each.final) done.push(each.text);
    }
  }
  return [...done, open]
    .filter((text) => text !== '')
    .join(' ')
    .toLowerCase()
    .replace(/[.,?!]/g, '');
}

async function listening(t: TestContext, start: () => Promise<RecogniserAtWork>) {
  const work = await start();
  const audio = new Channel<CallerAudio>(10_000);
  const heard: Transcript[] = [];
  const stop = new AbortController();
  t.after(async () => {
    stop.abort(new Error('the test is over'));
    work.speechToText[Symbol.dispose]();
    await work.close();
  });
  const ended = (async () => {
    const options = { sampleRate, language: 'en-US', signal: stop.signal };
    for await (const each of work.speechToText.transcribe(audio, options)) heard.push(each);
  })();
  // Looked at by those tests that expect it to fail.
  ended.catch(() => {});
  return { work, audio, heard, ended, stop };
}

function say(audio: Channel<CallerAudio>, frames: readonly Int16Array[]): void {
  for (const frame of [...frames, silence, silence, silence, silence]) audio.push(frame);
}

async function closed(work: RecogniserAtWork): Promise<void> {
  work.speechToText[Symbol.dispose]();
  await until('nothing is open at the vendor', () => work.connections() === 0);
}
