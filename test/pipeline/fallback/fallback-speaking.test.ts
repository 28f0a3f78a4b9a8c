// A voice that fails in the middle is followed by one that says the rest: every word once, with its time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abortable } from '../../../src/lib/abort.ts';
import { Channel } from '../../../src/lib/channel.ts';
import { AppError } from '../../../src/lib/errors.ts';
import type { Upstream } from '../../../src/lib/errors.ts';
import { openSpeaking } from '../../../src/pipeline/fallback/fallback-speaking.ts';
import type { Member } from '../../../src/pipeline/fallback/fallback.ts';
import { Heard } from '../../../src/pipeline/speaking/heard.ts';
import type { Speech, TextToSpeech } from '../../../src/pipeline/types.ts';
import { testChain } from '../../support/virtual-calls/chains.ts';
import { settle, VirtualClock } from '../../support/clock.ts';

/** 50 ms of audio a letter, each sample the letter's code. */
const LETTER_MS = 50;
const RATE = 8000;

interface Flaw {
  /** Fails when it has said so many letters of one utterance. */
  readonly afterLetters: number;
  /** Says nothing for so long before. */
  readonly silentMs?: number;
  readonly upstream?: Upstream;
}

interface VoiceSpec {
  /** One for each `synthesize`; none: it speaks well. */
  readonly flaws?: (Flaw | undefined)[];
  /** Milliseconds it takes for a letter. */
  readonly letterMs?: number;
  readonly timed?: boolean;
  /** Milliseconds until it is open. */
  readonly opensMs?: number;
}

function begin(t: { after(act: () => void): void }, voices: Readonly<Record<string, VoiceSpec>>) {
  const clock = new VirtualClock();
  const chain = testChain(clock);
  t.after(() => chain[Symbol.dispose]());
  const said: string[] = [];
  const members = Object.entries(voices).map(([name, spec]): Member<TextToSpeech> => ({
    name,
    pricedAs: `priced ${name}`,
    circuit: chain.circuits.of({ service: 'speaking', vendor: name, key: 'k' }),
    open: async (signal) => {
      if (spec.opensMs !== undefined) await clock.sleep(spec.opensMs, signal);
      return {
        synthesize: (text, line) => speak(name, spec, text, line.signal),
        [Symbol.dispose]() {},
      };
    },
  }));
  return { clock, chain, said, open: () => openSpeaking(members, chain) };

  async function* speak(
    name: string,
    { flaws = [], letterMs = 0, timed = true }: VoiceSpec,
    text: AsyncIterable<string>,
    signal: AbortSignal,
  ): AsyncGenerator<Speech> {
    const flaw = flaws.shift();
    let letters = 0;
    said.push(`${name}:`);
    for await (const piece of abortable(text, signal)) {
      if (timed) yield { type: 'words', words: wordsOf(piece, letters * LETTER_MS) };
      for (const letter of piece) {
        if (letters === flaw?.afterLetters) {
          const { upstream, silentMs = 0 } = flaw;
          if (silentMs > 0) await clock.sleep(silentMs, signal);
          throw new AppError('vendor_failed', 'planted', upstream ? { upstream } : {});
        }
        if (letterMs > 0) await clock.sleep(letterMs, signal);
        letters += 1;
        said[said.length - 1] += letter;
        const samples = new Int16Array((LETTER_MS * RATE) / 1000).fill(letter.charCodeAt(0));
        yield { type: 'audio', samples };
      }
    }
  }
}

function wordsOf(piece: string, startMs: number) {
  return [...piece.matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    startMs: startMs + match.index * LETTER_MS,
    endMs: startMs + (match.index + match[0].length) * LETTER_MS,
  }));
}

function speaking(voice: TextToSpeech) {
  const text = new Channel<string>(100);
  const speech: Speech[] = [];
  const given: Record<string, number> = {};
  const onGiven = (name: string, characters: number) =>
    void (given[name] = (given[name] ?? 0) + characters);
  const stop = new AbortController();
  const ended = (async () => {
    const options = { sampleRate: RATE, language: 'en-US', signal: stop.signal, onGiven };
    for await (const piece of voice.synthesize(text, options)) speech.push(piece);
  })();
  ended.catch(() => {});
  const heard = () =>
    speech
      .flatMap((piece) => (piece.type === 'audio' ? [String.fromCharCode(piece.samples[0]!)] : []))
      .join('');
  return { text, speech, stop, ended, heard, given };
}

test('the next voice begins with the word that the first has not said by half', async (t) => {
  for (const afterLetters of [0, 1, 4, 9, 11, 13, 20, 30]) {
    for (const timed of [true, false]) {
      const { open, said } = begin(t, {
        first: { flaws: [{ afterLetters, upstream: { stalled: true } }], timed },
        second: { timed },
      });
      using voice = await open();
      const { text, ended, speech, heard } = speaking(voice);
      text.push('We open at nine, ');
      text.push('and we close at five.');
      text.end();
      await ended;
      const [one = '', two = ''] = said;
      const whole = 'We open at nine, and we close at five.';
      const [, first = ''] = one.split(':');
      const [, second = ''] = two.split(':');
      assert.ok(whole.endsWith(second), second);
      assert.equal(heard(), first + second);
      // Together they say everything; at most one word is said in part and then again.
      const missing = whole.length - first.length - second.length;
      assert.ok(missing <= 3, `${missing} letters are missing at ${afterLetters}`);
      const again = -missing;
      assert.ok(again <= 8, `${again} letters are said again at ${afterLetters}`);
      if (timed) assertTimes(whole, speech);
    }
  }
});

/** Every word is told once, and what counts as heard follows the audio. */
function assertTimes(whole: string, speech: readonly Speech[]): void {
  const heard = new Heard(0);
  heard.begin(1);
  heard.addText(whole);
  const words: string[] = [];
  for (const piece of speech) {
    if (piece.type === 'audio') {
      heard.addAudio((piece.samples.length / RATE) * 1000);
    } else {
      heard.addWords(piece.words);
      words.push(...piece.words.map((word) => word.text));
    }
  }
  assert.equal(words.join(' '), whole);
  assert.equal(heard.upTo(100_000).split(' ').length, whole.split(' ').length);
}

test('a connection that is lost while it speaks is taken up by the same voice, once', async (t) => {
  const { open, said } = begin(t, {
    first: { flaws: [{ afterLetters: 10 }] },
    second: {},
  });
  using voice = await open();
  const { text, ended } = speaking(voice);
  text.push('We open at nine.');
  text.end();
  await ended;
  assert.deepEqual(said, ['first:We open at', 'first: nine.']);
});

test('after three seconds without a sound nobody waits for further voices: the next text is given to them', async (t) => {
  const stall = { afterLetters: 0, silentMs: 2000, upstream: { stalled: true } };
  const { open, said, clock } = begin(t, {
    first: { flaws: [stall] },
    second: { flaws: [stall] },
    third: {},
  });
  using voice = await open();
  const one = speaking(voice);
  one.text.push('We open at nine.');
  one.text.end();
  await settle();
  await clock.advance(4000);
  await assert.rejects(one.ended, /planted/);
  assert.deepEqual(said, ['first:', 'second:']);
  const other = speaking(voice);
  other.text.push('At nine.');
  other.text.end();
  await other.ended;
  assert.equal(other.heard(), 'At nine.');
  assert.equal(said.at(-1), 'third:At nine.');
});

test('a voice that is not open within a second is passed over', async (t) => {
  const stalls = { afterLetters: 0, upstream: { stalled: true } };
  const { open, said, clock } = begin(t, {
    first: { flaws: [stalls] },
    second: { opensMs: 2500 },
    third: {},
  });
  using voice = await open();
  const { text, ended } = speaking(voice);
  text.push('At nine.');
  text.end();
  await settle();
  await clock.advance(1000);
  assert.deepEqual(said, ['first:', 'third:At nine.']);
  await ended;
});

test('what the three seconds are counted from: a text that came late, and the last sound', async (t) => {
  const stalled = { upstream: { stalled: true } };
  const late = begin(t, { first: { flaws: [{ afterLetters: 0, ...stalled }] }, second: {} });
  using voice = await late.open();
  const one = speaking(voice);
  await late.clock.advance(4000);
  one.text.push('At nine.');
  one.text.end();
  await settle();
  assert.deepEqual(late.said, ['first:', 'second:At nine.']);
  await one.ended;
  const words = 'We open at nine in the morning. '.repeat(4).trim();
  const long = begin(t, {
    first: { flaws: [{ afterLetters: 96, ...stalled }], letterMs: 45 },
    second: {},
  });
  using other = await long.open();
  const two = speaking(other);
  two.text.push(words);
  two.text.end();
  await settle();
  await long.clock.advance(96 * 45);
  await settle();
  assert.equal(long.said.at(-1)?.replace(': ', ':'), 'second:We open at nine in the morning.');
  await two.ended;
});

test('text that fails is no fault of the voice', async (t) => {
  const { open, said, chain } = begin(t, { first: {}, second: {} });
  using voice = await open();
  const { text, ended } = speaking(voice);
  text.push('Good morning. ');
  const wrong = new Error('the model has failed');
  text.end(wrong);
  await assert.rejects(ended, wrong);
  assert.equal(said.length, 1);
  assert.equal(chain.circuits.health()[0]?.failures, 0);
});

test('a voice that is slower than speech is replaced; alone it speaks on', async (t) => {
  const slow = { letterMs: 75 };
  for (const [voices, replaced] of [
    [{ first: slow, second: {} }, true],
    [{ first: slow }, false],
  ] as const) {
    const { open, said, clock } = begin(t, voices);
    using voice = await open();
    const { text, ended, heard, speech } = speaking(voice);
    text.push('We open at nine, and we close at five in the evening. ');
    text.push('On Sunday we are closed, and on holidays, too.');
    text.end();
    await clock.advance(15_000);
    await ended;
    assert.equal(said.length, replaced ? 2 : 1);
    assert.match(heard(), /^We open at (ni )?nine.*holidays, too\.$/);
    assert.ok(speech.length > 0);
  }
});

test('a reader that stops reading a slow line is no slow voice', async (t) => {
  const { open, said, clock } = begin(t, { first: { letterMs: 5 }, second: {} });
  using voice = await open();
  const text = new Channel<string>(10);
  text.push('We open at nine, and we close at five in the evening of every day.');
  text.end();
  const options = { sampleRate: RATE, language: 'en-US', signal: new AbortController().signal };
  let pieces = 0;
  const reading = (async () => {
    for await (const piece of voice.synthesize(text, options)) {
      pieces += piece.type === 'audio' ? 1 : 0;
      await clock.sleep(200);
    }
  })();
  await clock.advance(60_000);
  await reading;
  assert.equal(said.length, 1);
  assert.ok(pieces > 60);
});

test('stops at once, and the voice knows', async (t) => {
  const { open, clock } = begin(t, { first: { letterMs: 20 } });
  using voice = await open();
  const { text, ended, stop } = speaking(voice);
  text.push('A long sentence that nobody hears to its end. ');
  await settle();
  await clock.advance(200);
  const reason = new Error('interrupted');
  stop.abort(reason);
  await assert.rejects(ended, reason);
  await settle();
  assert.equal(clock.pending, 0);
});

test('each voice is told to have been given what it was, and nothing where it failed without a sound', async (t) => {
  for (const [afterLetters, first, second] of [
    [0, 0, 12],
    [6, 12, 4],
  ] as const) {
    const { open } = begin(t, {
      first: { flaws: [{ afterLetters, upstream: { stalled: true } }] },
      second: {},
    });
    using voice = await open();
    const { text, ended, given } = speaking(voice);
    text.push('At nine, yes');
    text.end();
    await ended;
    assert.deepEqual(given, { 'priced first': first, 'priced second': second });
  }
});
