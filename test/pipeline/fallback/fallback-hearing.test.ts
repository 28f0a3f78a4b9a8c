// A recogniser that is lost or stalls is replaced: what was said meanwhile is heard, once, and nobody waits for a flush.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abortable } from '../../../src/lib/abort.ts';
import { Channel } from '../../../src/lib/channel.ts';
import { AppError } from '../../../src/lib/errors.ts';
import { openHearing } from '../../../src/pipeline/fallback/fallback-hearing.ts';
import type { Member } from '../../../src/pipeline/fallback/fallback.ts';
import { FLUSH } from '../../../src/pipeline/types.ts';
import type { CallerAudio, SpeechToText, Transcript } from '../../../src/pipeline/types.ts';
import { testChain } from '../../support/virtual-calls/chains.ts';
import { settle, VirtualClock } from '../../support/clock.ts';

const RATE = 8000;
const FRAME_SAMPLES = 160;

/** A recogniser that a test plays: what it is given, and what it says. */
interface Ear {
  readonly name: string;
  /** The sample values of the frames it has got; -1 for a flush. */
  readonly got: number[];
  readonly out: Channel<Transcript>;
  closed: boolean;
}

interface EarSpec {
  /** How often it cannot be opened, from now on. */
  refuses?: number;
  readonly endpointing?: SpeechToText['endpointing'];
}

async function begin(
  t: { after(act: () => void): void },
  specs: Readonly<Record<string, EarSpec>>,
) {
  const clock = new VirtualClock();
  const chain = testChain(clock);
  t.after(() => chain[Symbol.dispose]());
  const ears: Ear[] = [];
  const members = Object.entries(specs).map(([name, spec]): Member<SpeechToText> => ({
    name,
    pricedAs: `priced ${name}`,
    circuit: chain.circuits.of({ service: 'hearing', vendor: name, key: 'k' }),
    open: async () => {
      if ((spec.refuses ?? 0) > 0) {
        spec.refuses! -= 1;
        throw new AppError('vendor_failed', `${name}: away`);
      }
      return open(name, spec);
    },
  }));
  const hearing = await openHearing(members, chain);
  const audio = new Channel<CallerAudio>(1000);
  const heard: Transcript[] = [];
  const hears: (readonly [name: string, againMs: number])[] = [];
  const onHears = (name: string, againMs: number) => void hears.push([name, againMs]);
  const stop = new AbortController();
  const ended = (async () => {
    const options = { sampleRate: RATE, language: 'en-US', signal: stop.signal, onHears };
    for await (const each of hearing.transcribe(audio, options)) heard.push(each);
  })();
  ended.catch(() => {});
  t.after(() => {
    stop.abort(new Error('the test is over'));
    hearing[Symbol.dispose]();
  });
  await settle();
  let frames = 0;
  return {
    clock,
    chain,
    hearing,
    ears,
    heard,
    hears,
    ended,
    audio,
    ear: () => ears.at(-1)!,
    /** Frames numbered from 1. */
    says: async (ms: number) => {
      for (let at = 0; at < ms; at += 20) audio.push(new Int16Array(160).fill((frames += 1)));
      await settle();
    },
    texts: () =>
      heard.flatMap((each) =>
        each.type === 'words'
          ? each.final && each.text !== ''
            ? [each.text]
            : []
          : each.type === 'end-of-turn'
            ? [each.text]
            : [],
      ),
  };

  function open(name: string, spec: EarSpec): SpeechToText & Disposable {
    const ear: Ear = { name, got: [], out: new Channel(100), closed: false };
    ears.push(ear);
    return {
      endpointing: spec.endpointing ?? 'local',
      async *transcribe(given, { signal }) {
        const take = async () => {
          for await (const item of abortable(given, signal)) {
            if (item === FLUSH) ear.got.push(-1);
            else for (let at = 0; at < item.length; at += FRAME_SAMPLES) ear.got.push(item[at]!);
          }
          ear.out.end();
        };
        take().catch(() => {});
        yield* abortable(ear.out, signal);
      },
      [Symbol.dispose]() {
        ear.closed = true;
      },
    };
  }
}

function words(text: string, startMs: number, flags: object = {}): Transcript {
  const list = text.split(' ').map((word, i) => ({
    text: word,
    startMs: startMs + i * 200,
    endMs: startMs + (i + 1) * 200,
  }));
  return { type: 'words', text, final: false, flushed: false, words: list, ...flags };
}

const lost = () => new AppError('vendor_failed', 'first: closed with 1006');
const stalled = () =>
  new AppError('vendor_failed', 'first: nothing', { upstream: { stalled: true } });

test('a lost connection is opened again at the same vendor, which hears what had no final words', async (t) => {
  const { says, ear, ears, texts, heard, clock } = await begin(t, { first: {}, second: {} });
  await says(1000);
  ear().out.push(words('good morning', 0, { final: true }));
  await says(400);
  ear().out.push(words('I would', 1000));
  await settle();
  ear().out.end(lost());
  await settle();
  assert.deepEqual(
    ears.map(({ name, closed }) => [name, closed]),
    [
      ['first', true],
      ['first', false],
    ],
  );
  // From the end of the final words on: frames 21 to 70, and then what comes.
  await says(40);
  assert.deepEqual([ear().got[0], ear().got.at(-1), ear().got.length], [21, 72, 52]);
  // What was half heard is taken back at once, so that nobody takes it for all that was said.
  const last = heard.at(-1);
  assert.ok(last?.type === 'words' && last.text === '' && !last.final);
  ear().out.push(words('I would like that', 600, { final: true }));
  await settle();
  assert.deepEqual(texts(), ['good morning', 'I would like that']);
  assert.equal(clock.pending, 0);
});

test('one that stalls is left for the next, and asked again when the caller is quiet and it is back', async (t) => {
  const { says, ear, ears, texts, clock, chain } = await begin(t, { first: {}, second: {} });
  await says(3000);
  ear().out.end(stalled());
  await settle();
  assert.deepEqual([ear().name, ear().got.length], ['second', 150]);
  ear().out.push(words('we would like a table', 0));
  await settle();
  // Back, but words are open.
  await clock.advance(12_000);
  assert.equal(ears.filter(({ name, closed }) => name === 'second' && !closed).length, 1);
  const second = ears.find(({ name }) => name === 'second')!;
  second.out.push(words('we would like a table', 0, { final: true }));
  await settle();
  await says(200);
  const now = ear();
  assert.equal(now.name, 'first');
  // All after the last final word, and no more.
  assert.equal(now.got[0], 51);
  now.out.push(words('for four', 1000, { final: true }));
  await settle();
  assert.deepEqual(texts(), ['we would like a table', 'for four']);
  assert.equal(chain.circuits.health().find(({ vendor }) => vendor === 'second')?.failures, 0);
});

test('a flush that was not answered is asked again, and what is heard until then is told as a whole', async (t) => {
  const { says, ear, audio, heard } = await begin(t, { first: {}, second: {} });
  await says(1000);
  audio.push(FLUSH);
  await settle();
  ear().out.end(lost());
  await settle();
  assert.equal(ear().got.at(-1), -1);
  const before = heard.length;
  ear().out.push(words('I would', 0));
  ear().out.push(words('I would like', 0, { final: true }));
  await settle();
  assert.equal(heard.length, before);
  ear().out.push(words('a table', 600, { final: true, flushed: true }));
  await settle();
  assert.deepEqual(
    heard.slice(before).map((each) => each.type === 'words' && [each.text, each.flushed]),
    [
      ['I would like', false],
      ['a table', true],
    ],
  );
});

test('one that takes over and makes nothing of what it is given is left for the next', async (t) => {
  const { says, ear, clock } = await begin(t, { first: {}, second: {}, third: {} });
  await says(1500);
  ear().out.end(stalled());
  await settle();
  assert.equal(ear().name, 'second');
  await clock.advance(1600);
  assert.deepEqual([ear().name, ear().got.length], ['third', 75]);
});

test('who decides about the end of a turn changes with the recogniser', async (t) => {
  const { hearing, says, ear, texts } = await begin(t, {
    first: { endpointing: 'vendor' },
    second: { endpointing: 'local' },
  });
  assert.equal(hearing.endpointing, 'vendor');
  await says(6000);
  ear().out.push({ ...words('I would like', 0), words: [] } as Transcript);
  await settle();
  ear().out.end(stalled());
  await settle();
  assert.equal(hearing.endpointing, 'local');
  // What is older than the audio that is kept is final now.
  assert.deepEqual(texts(), ['I would like']);
});

test('when none can be opened it is deaf, after three rounds', async (t) => {
  const specs: Record<string, EarSpec> = { first: {}, second: {} };
  const { ear, ended, clock } = await begin(t, specs);
  specs['first']!.refuses = 100;
  specs['second']!.refuses = 100;
  ear().out.end(lost());
  await settle();
  await clock.advance(300);
  await assert.rejects(ended, /away/);
});

test('the first that can be opened hears from the start', async (t) => {
  const { hearing, ear } = await begin(t, { first: { refuses: 1 }, second: {} });
  assert.equal(ear().name, 'second');
  assert.equal(hearing.endpointing, 'local');
});

test('one that has recovered while all are left alone is asked by the next call, not only when it is probed', async (t) => {
  const specs: Record<string, EarSpec> = { first: {}, second: {} };
  const { ears, chain } = await begin(t, specs);
  for (const vendor of ['first', 'second']) {
    const circuit = chain.circuits.of({ service: 'hearing', vendor, key: 'k' });
    for (let count = 0; count < 2; count += 1) {
      circuit.failed(new Error('away'), () => Promise.reject(new Error('away')));
    }
    assert.equal(circuit.health.state, 'open');
  }
  let firstTries = 0;
  const members = ['first', 'second'].map((name): Member<SpeechToText> => ({
    name,
    pricedAs: name,
    circuit: chain.circuits.of({ service: 'hearing', vendor: name, key: 'k' }),
    async open() {
      if (name === 'first') {
        firstTries += 1;
        throw new AppError('vendor_failed', 'first: away');
      }
      return { endpointing: 'vendor', async *transcribe() {}, [Symbol.dispose]() {} };
    },
  }));
  using hearing = await openHearing(members, chain);
  assert.equal(hearing.endpointing, 'vendor');
  assert.equal(firstTries, 1);
  assert.equal(ears.length, 1);
});

test('one that is lost again and again is given up', async (t) => {
  const { ears, ended } = await begin(t, { first: {} });
  for (let count = 1; count <= 6; count += 1) {
    assert.equal(ears.length, count);
    ears.at(-1)!.out.end(lost());
    await settle();
  }
  assert.equal(ears.length, 6, 'not opened once more');
  await assert.rejects(ended, /lost 5 times/);
});

test('one that takes connections and is of no use is left for the next, which hears all of it', async (t) => {
  const { says, ear, ears, texts, ended, chain } = await begin(t, { first: {}, second: {} });
  await says(600);
  ear().out.end(lost());
  await settle();
  // An answer that nobody gave is no sign that it works.
  ear().out.push({
    type: 'words',
    text: '',
    final: false,
    flushed: true,
    words: [],
    guessed: true,
  });
  ear().out.end(lost());
  await settle();
  assert.deepEqual(
    ears.map(({ name, closed }) => [name, closed]),
    [
      ['first', true],
      ['first', true],
      ['second', false],
    ],
  );
  assert.equal(ear().got.length, 30);
  ear().out.push(words('good morning', 0, { final: true }));
  await settle();
  assert.deepEqual(texts(), ['good morning']);
  const [first] = chain.circuits.health();
  assert.deepEqual([first?.successes, first?.failuresInARow], [0, 1]);
  ear().out.end();
  await ended;
});

test('one that is lost between words five times in a call is not asked again: the next hears the rest', async (t) => {
  const { ear, ears, says, texts, clock } = await begin(t, { first: {}, second: {} });
  for (let count = 0; count < 8; count += 1) {
    await says(200);
    ear().out.push(words(`word${count}`, 0, { final: true }));
    await settle();
    if (ear().name === 'first') ear().out.end(lost());
    // Long enough for the first to be asked again.
    await clock.advance(12_000);
  }
  assert.deepEqual(
    ears.map(({ name }) => name),
    ['first', 'first', 'first', 'first', 'first', 'first', 'second'],
  );
  assert.equal(texts().length, 8);
});

test('one that says nothing itself is no success, however often a flush is answered in its place', async (t) => {
  const { says, ear, ears, audio, chain, clock } = await begin(t, {
    first: {},
    second: {},
    third: {},
  });
  const guess = { type: 'words', text: '', final: false, flushed: true, words: [] } as const;
  await says(1200);
  audio.push(FLUSH);
  ear().out.push({ ...guess, guessed: true });
  await settle();
  ear().out.end(stalled());
  await settle();
  // Who takes over has been given enough for words, and has a second and a half for them.
  assert.equal(ear().name, 'second');
  await clock.advance(700);
  ear().out.push({ ...guess, guessed: true });
  await settle();
  await clock.advance(799);
  assert.equal(ears.length, 2);
  await clock.advance(1);
  assert.equal(ear().name, 'third');
  const health = chain.circuits.health();
  assert.deepEqual(
    health.map(({ vendor, successes, failures }) => [vendor, successes, failures]),
    [
      ['first', 0, 1],
      ['second', 0, 1],
      ['third', 0, 0],
    ],
  );
});

test('who hears is told by name when it begins, with what it hears again', async (t) => {
  const { says, ear, hears, ears } = await begin(t, { first: {}, second: {} });
  await says(400);
  ear().out.end(stalled());
  await settle();
  assert.deepEqual(
    ears.map(({ name }) => name),
    ['first', 'second'],
  );
  assert.deepEqual(hears, [
    ['priced first', 0],
    ['priced second', 400],
  ]);
});
