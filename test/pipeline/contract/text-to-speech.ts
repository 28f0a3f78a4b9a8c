// What every voice must do, whoever it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Channel } from '../../../src/lib/channel.ts';
import { Heard } from '../../../src/pipeline/speaking/heard.ts';
import type { Speech, TextToSpeech } from '../../../src/pipeline/types.ts';
import { until } from '../../support/until.ts';
import { isVendorFailed } from './speech-to-text.ts';

/** A voice and the vendor behind it. */
export interface VoiceAtWork {
  readonly textToSpeech: TextToSpeech & Disposable;
  /** The text that audio says; undefined where nobody can read it. */
  read(samples: readonly Int16Array[]): string | undefined;
  connections(): number;
  /** Contexts that the vendor still keeps. */
  contexts(): number;
  /** Cuts all connections. */
  cut(): void;
  /** May be called again. */
  close(): Promise<void>;
}

const sampleRate = 8000;

export function textToSpeechContract(name: string, start: () => Promise<VoiceAtWork>): void {
  test(`${name}: speaks before the text has ended, and all of it`, async (t) => {
    const work = await atWork(t, start);
    const { text, speech, ended } = speaking(work);
    text.push('We open at nine. ');
    await until('it speaks', () => audioOf(speech).length > 0);
    text.push('Until five.');
    text.end();
    await ended;
    assert.equal(
      work.read(audioOf(speech))?.trim() ?? 'We open at nine. Until five.',
      'We open at nine. Until five.',
    );
    assert.equal(
      wordsOf(speech)
        .map((word) => word.text)
        .join(' '),
      'We open at nine. Until five.',
    );
    await until('nothing is open at the vendor', () => work.contexts() === 0);
  });

  test(`${name}: speaks for longer than a minute, which is no fault of a voice`, async (t) => {
    const work = await atWork(t, start);
    const sentence = 'We are open from nine to five, and on Saturdays we are here until noon. ';
    const text = (async function* () {
      for (let count = 0; count < 25; count += 1) yield sentence;
    })();
    const options = { sampleRate, language: 'en-US', signal: new AbortController().signal };
    const speech = await Array.fromAsync(work.textToSpeech.synthesize(text, options));
    const all = sentence.repeat(25).trim();
    assert.equal(work.read(audioOf(speech))?.trim() ?? all, all);
    const words = wordsOf(speech);
    assert.equal(words.map((word) => word.text).join(' '), all);
    const starts = words.map((word) => word.startMs);
    assert.deepEqual(
      starts,
      starts.toSorted((a, b) => a - b),
    );
    await until('nothing is open at the vendor', () => work.contexts() === 0);
  });

  test(`${name}: says nothing for no words`, async (t) => {
    const work = await atWork(t, start);
    const { text, speech, ended } = speaking(work);
    // Nothing that a voice makes a sound of: what is left of a line of signs, or of a picture.
    for (const piece of [' ', '.', ', ', '…\n', '"']) text.push(piece);
    text.end();
    await ended;
    assert.deepEqual(speech, []);
  });

  test(`${name}: stops at once when cancelled, and speaks again without mixing turns`, async (t) => {
    const work = await atWork(t, start);
    for (let turn = 0; turn < 7; turn += 1) {
      const { text, speech, ended, stop } = speaking(work);
      text.push(`This is turn number ${turn}, which nobody hears to its end. `);
      await until('it speaks', () => audioOf(speech).length > 0);
      const reason = new Error('interrupted');
      stop.abort(reason);
      const before = speech.length;
      await assert.rejects(ended, reason);
      assert.ok(speech.length <= before + 1);
    }
    const { text, speech, ended } = speaking(work);
    text.push('And this is heard.');
    text.end();
    await ended;
    assert.equal(work.read(audioOf(speech))?.trim() ?? 'And this is heard.', 'And this is heard.');
    await until('nothing is open at the vendor', () => work.contexts() === 0);
  });

  test(`${name}: leaves nothing open when its reader goes`, async (t) => {
    const work = await atWork(t, start);
    const text = new Channel<string>(10);
    text.push('Good morning, how can I help? ');
    const options = { sampleRate, language: 'en-US', signal: new AbortController().signal };
    for await (const speech of work.textToSpeech.synthesize(text, options)) {
      if (speech.type === 'audio') break;
    }
    await until('nothing is open at the vendor', () => work.contexts() === 0);
  });

  test(`${name}: passes on what goes wrong with its text`, async (t) => {
    const work = await atWork(t, start);
    const { text, ended } = speaking(work);
    text.push('Good morning. ');
    const wrong = new Error('the model has failed');
    text.end(wrong);
    await assert.rejects(ended, wrong);
    await until('nothing is open at the vendor', () => work.contexts() === 0);
  });

  test(`${name}: speaks after a connection that dropped between turns`, async (t) => {
    const work = await atWork(t, start);
    for (let turn = 0; turn < 2; turn += 1) {
      const { text, speech, ended } = speaking(work);
      text.push('Good morning.');
      text.end();
      await ended;
      assert.ok(audioOf(speech).length > 0);
      work.cut();
      await until('it is cut', () => work.connections() === 0);
    }
  });

  test(`${name}: reports a vendor that is gone as vendor_failed`, async (t) => {
    const work = await atWork(t, start);
    await work.close();
    const { text, ended } = speaking(work);
    text.push('Good morning.');
    await assert.rejects(ended, isVendorFailed);
  });

  test(`${name}: what counts as heard is never a clause beyond what was played`, async (t) => {
    const work = await atWork(t, start);
    const said = 'We open at nine, and we close at five. On Sunday we are closed.';
    const { text, speech, ended } = speaking(work);
    text.push(said);
    text.end();
    await ended;
    const heard = new Heard(0);
    heard.begin(1);
    heard.addText(said);
    for (const piece of speech) {
      if (piece.type === 'words') heard.addWords(piece.words);
      else heard.addAudio((piece.samples.length / sampleRate) * 1000);
    }
    const words = wordsOf(speech);
    const lengthMs = (samplesOf(speech).length / sampleRate) * 1000;
    for (let playedMs = 0; playedMs <= lengthMs; playedMs += 100) {
      const count = heard
        .upTo(playedMs)
        .split(/\s+/)
        .filter((word) => word !== '').length;
      const begun = words.filter((word) => word.startMs < playedMs).length;
      assert.ok(count <= begun, `${count} words heard, ${begun} begun at ${playedMs} ms`);
      assert.ok(count >= begun - 2, `${count} words heard, ${begun} begun at ${playedMs} ms`);
    }
  });
}

export function audioOf(speech: readonly Speech[]): Int16Array[] {
  return speech.flatMap((piece) => (piece.type === 'audio' ? [piece.samples] : []));
}

export function wordsOf(speech: readonly Speech[]) {
  return speech.flatMap((piece) => (piece.type === 'words' ? piece.words : []));
}

function samplesOf(speech: readonly Speech[]): number[] {
  return audioOf(speech).flatMap((samples) => [...samples]);
}

async function atWork(t: TestContext, start: () => Promise<VoiceAtWork>): Promise<VoiceAtWork> {
  const work = await start();
  t.after(async () => {
    work.textToSpeech[Symbol.dispose]();
    await until('nothing is open at the vendor', () => work.connections() === 0);
    await work.close();
  });
  return work;
}

/** Begins to speak what is put into `text`. */
export function speaking(
  { textToSpeech }: { readonly textToSpeech: TextToSpeech },
  rate = sampleRate,
) {
  const text = new Channel<string>(100);
  const speech: Speech[] = [];
  const stop = new AbortController();
  const options = { sampleRate: rate, language: 'en-US', signal: stop.signal };
  const ended = (async () => {
    for await (const piece of textToSpeech.synthesize(text, options)) speech.push(piece);
  })();
  // Looked at by those tests that expect it to fail.
  ended.catch(() => {});
  return { text, speech, ended, stop };
}
