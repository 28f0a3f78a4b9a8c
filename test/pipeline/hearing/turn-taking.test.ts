// Who has the floor, frame by frame: when we answer, give way, and ask again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnTakingDefaults } from '../../../src/pipeline/hearing/caller-event.ts';
import type { CallerEvent, Floor } from '../../../src/pipeline/hearing/caller-event.ts';
import { EndpointWait } from '../../../src/pipeline/hearing/endpoint-wait.ts';
import { NOTHING_ASKED } from '../../../src/pipeline/hearing/expectation.ts';
import { english } from '../../../src/pipeline/languages/english.ts';
import { TurnTaking } from '../../../src/pipeline/hearing/turn-taking.ts';

const neither = {
  asking: false,
  waiting: false,
  ending: false,
  saying: '',
  expected: NOTHING_ASKED,
};
const quiet: Floor = { ...neither, agent: 'quiet', waiting: true };
const thinking: Floor = { ...neither, agent: 'thinking' };
const telling: Floor = { ...neither, agent: 'speaking' };
const asking: Floor = { ...neither, agent: 'speaking', asking: true };
const defaults = { ...turnTakingDefaults, words: english };

/** Media time in milliseconds at which each event came. */
interface Timed {
  readonly atMs: number;
  readonly event: CallerEvent;
}

/** Drives it frame by frame and keeps what it says. */
class Script {
  readonly taking: TurnTaking;
  readonly events: Timed[] = [];
  readonly supposed: CallerEvent[] = [];
  floor = quiet;
  #ms = 0;

  constructor(endpointing: 'local' | 'vendor' = 'local') {
    this.taking = new TurnTaking({ ...defaults, wait: new EndpointWait(), endpointing });
  }

  voice(ms: number): this {
    return this.#frames(true, ms);
  }

  silence(ms: number): this {
    return this.#frames(false, ms);
  }

  words(text: string, how: 'so far' | 'final' | 'flushed', confidence?: number): this {
    const [final, flushed] = [how !== 'so far', how === 'flushed'];
    const report = { type: 'words', text, final, flushed, words: [], confidence } as const;
    this.#note(this.taking.onTranscript(report, this.floor));
    return this;
  }

  on(floor: Floor): this {
    this.floor = floor;
    return this;
  }

  types(): string[] {
    return this.events.map(({ event }) => event.type);
  }

  #frames(voiced: boolean, ms: number): this {
    for (let passed = 0; passed < ms; passed += 20) {
      this.#ms += 20;
      this.#note(this.taking.onFrame(voiced, this.floor));
    }
    return this;
  }

  #note(event: CallerEvent | undefined): void {
    if (event?.type === 'supposes' || event?.type === 'doubts') this.supposed.push(event);
    else if (event) this.events.push({ atMs: this.#ms, event });
  }
}

const waits: readonly [text: string, waitMs: number][] = [
  ['Do you open on Sunday?', 240],
  ['yes', 240],
  ['Tuesday', 480],
  ['my number is', 1500],
];

for (const [text, waitMs] of waits) {
  test(`after "${text}" we wait ${waitMs} ms from the last voiced frame`, () => {
    const script = new Script().voice(600).words(text, 'so far').silence(200);
    assert.deepEqual(script.types(), ['pauses']);
    script.words(text, 'flushed').silence(2000);
    const finished = script.events[1];
    assert.equal(finished?.event.type, 'finished');
    assert.ok(finished.atMs - 600 >= waitMs && finished.atMs - 600 < waitMs + 20);
  });
}

test('final words are waited for half a second, then the words so far will do', () => {
  const script = new Script().voice(600).words('yes', 'so far').silence(2000);
  const finished = script.events.find(({ event }) => event.type === 'finished');
  assert.equal(finished?.atMs, 600 + 140 + 500);
});

test('words that come after they were used do not make another turn', () => {
  const script = new Script().voice(600).words('yes', 'so far').silence(800);
  script.words('Yes.', 'flushed').silence(600).words('Yes.', 'final').silence(1000);
  assert.deepEqual(script.types(), ['pauses', 'finished']);
  script.voice(400).words('no', 'so far').silence(200).words('No.', 'flushed').silence(500);
  assert.deepEqual(script.types(), ['pauses', 'finished', 'pauses', 'finished']);
});

test('a pause in the middle of a sentence does not end the turn', () => {
  const script = new Script().voice(600).silence(200).words('I would like to', 'flushed');
  script.silence(600).voice(800).silence(200).words('book an appointment.', 'flushed').silence(300);
  assert.deepEqual(script.types(), ['pauses', 'pauses', 'finished']);
  const { event } = script.events[2]!;
  assert.ok(event.type === 'finished' && event.text === 'I would like to book an appointment.');
});

test('voice over our speech silences us within 100 ms of detected voice', () => {
  const script = new Script().on(telling).voice(200);
  assert.deepEqual(script.events[0], { atMs: 100, event: { type: 'interrupts' } });
});

test('words confirm an interruption; a cough is taken back after a second', () => {
  const words = new Script().on(telling).voice(400).words('wait a moment', 'so far');
  assert.deepEqual(words.types(), ['interrupts', 'confirms']);
  const cough = new Script().on(telling).voice(200).silence(1500);
  assert.deepEqual(cough.types(), ['interrupts', 'pauses', 'retracts']);
  assert.equal(cough.events[2]?.atMs, 1100);
});

test('an acknowledgement takes nothing from a statement, and answers a question', () => {
  const script = new Script().on(telling).voice(300).words('uh-huh', 'so far').silence(200);
  script.words('Uh-huh.', 'flushed').silence(300);
  assert.deepEqual(script.types(), ['interrupts', 'pauses', 'retracts']);
  const answer = new Script().on(asking).voice(300).words('yes', 'so far').silence(200);
  answer.on(quiet).words('Yes.', 'flushed').silence(300);
  assert.deepEqual(answer.types(), ['interrupts', 'confirms', 'pauses', 'finished']);
});

test('"no" over a statement is meant', () => {
  const script = new Script().on(telling).voice(240).words('no', 'so far');
  assert.deepEqual(script.types(), ['interrupts', 'confirms']);
  const unheard = new Script().on(telling).silence(2000).words('Tuesday', 'so far');
  assert.deepEqual(unheard.types(), [], 'one word that nobody was heard to say may be ours');
  assert.deepEqual(unheard.words('Tuesday at ten', 'so far').types(), ['confirms']);
});

test('noise that never becomes words gives the line back all the same', () => {
  const script = new Script().on(telling).voice(4000);
  assert.deepEqual(script.types().slice(0, 2), ['interrupts', 'retracts']);
  assert.equal(script.events[1]?.atMs, 2600);
  assert.equal(script.voice(41_000).types().at(-1), 'wordless', 'and is the end at last');
});

test('words from a caller too quiet to be noticed as voice make a turn', () => {
  const script = new Script().silence(3000).words('hello?', 'so far').silence(200);
  script.words('Hello?', 'flushed').silence(400);
  assert.deepEqual(script.types(), ['pauses', 'finished']);
});

test('words that come late after a pause are answered at once, and the wait is told as long as it was', () => {
  const script = new Script().voice(800).silence(2200).words('When do you open?', 'flushed');
  script.silence(40);
  const { atMs, event } = script.events.at(-1)!;
  assert.equal(event.type, 'finished');
  assert.ok(atMs <= 3040, `${atMs}`);
  assert.ok(event.type === 'finished' && event.times.endpointMs >= 2200);
  assert.ok(event.type === 'finished' && (event.times.hearMs ?? 0) >= 2000);
});

test('a silent caller is asked at 8 s and 16 s and let go at 30 s; noise is not an answer', () => {
  const script = new Script().silence(4000).voice(300).silence(30_000);
  const silent = script.events.filter(({ event }) => event.type === 'silent');
  assert.deepEqual(
    silent.map(({ atMs }) => atMs),
    [8000, 16_000, 30_000],
  );
});

test('silence is not counted while we think or speak, and starts anew after words', () => {
  const script = new Script().silence(7000).on(thinking).silence(3000).on(quiet).silence(7900);
  assert.deepEqual(script.types(), []);
  script.silence(200);
  assert.deepEqual(script.types(), ['silent']);
});

test('a recogniser that decides itself ends the turn, whatever the pauses', () => {
  const script = new Script('vendor').voice(600).words('I would like', 'so far').silence(3000);
  assert.deepEqual(script.types(), []);
  const event = script.taking.onTranscript(
    { type: 'end-of-turn', text: 'I would like two.' },
    quiet,
  );
  assert.ok(event?.type === 'finished' && event.text === 'I would like two.');
});

test('a late recogniser is waited for while its words so far sound like a part, and not for ever', () => {
  const late = new Script().voice(900).words('I would like to book', 'so far').silence(900);
  assert.deepEqual(late.types(), ['pauses']);
  late.words('I would like to book a table.', 'flushed').silence(100);
  assert.deepEqual(late.events.at(-1)?.event, {
    type: 'finished',
    text: 'I would like to book a table.',
    times: { endpointMs: 920, hearMs: 760 },
  });
  const lost = new Script().voice(900).words('I would like to book', 'so far').silence(1200);
  assert.deepEqual(lost.types(), ['pauses', 'finished']);
  // What is whole, or final, needs no more than the answer's usual time.
  for (const [text, how] of [
    ['yes', 'so far'],
    ['I would like to book', 'final'],
  ] as const) {
    const soon = new Script().voice(900).words(text, how).silence(700);
    assert.deepEqual(soon.types(), ['pauses', 'finished'], text);
  }
});

test('a detector that notices late is counted from where voice and quiet began', () => {
  const taking = new TurnTaking({ ...defaults, wait: new EndpointWait(), endpointing: 'local' });
  assert.equal(taking.onFrame(true, telling, { lastedMs: 80 }), undefined);
  assert.deepEqual(taking.onFrame(true, telling, { lastedMs: 100 }), { type: 'interrupts' });
  const script = new TurnTaking({ ...defaults, wait: new EndpointWait(), endpointing: 'local' });
  for (let ms = 0; ms < 200; ms += 20) script.onFrame(true, quiet);
  script.onFrame(false, quiet, { quietMs: 60 });
  for (let ms = 80; ms < 140; ms += 20) assert.equal(script.onFrame(false, quiet), undefined);
  assert.deepEqual(script.onFrame(false, quiet), { type: 'pauses' });
});

test('words that fade are asked for when they have been faint as long as others have been over', () => {
  const taking = new TurnTaking({ ...defaults, wait: new EndpointWait(), endpointing: 'local' });
  for (let ms = 0; ms < 400; ms += 20) taking.onFrame(true, quiet);
  let faintMs = 0;
  const fading = (voiced: boolean) => {
    faintMs += 20;
    return taking.onFrame(voiced, quiet, { faintMs });
  };
  for (let ms = 0; ms < 60; ms += 20) assert.equal(fading(true), undefined);
  for (let ms = 0; ms < 60; ms += 20) assert.equal(fading(false), undefined);
  assert.deepEqual(fading(false), { type: 'pauses' }, '140 ms after it was loud, 80 ms quiet');
  for (let ms = 0; ms < 200; ms += 20) assert.equal(fading(false), undefined, 'once');

  taking.onFrame(true, quiet, { faintMs: 0 });
  faintMs = 0;
  for (let ms = 0; ms < 300; ms += 20) assert.equal(fading(true), undefined, 'faint is not quiet');
});

test('words after sound that was not taken for voice are not late words', () => {
  const taking = new TurnTaking({ ...defaults, wait: new EndpointWait(), endpointing: 'local' });
  const words = (text: string) =>
    taking.onTranscript({ type: 'words', text, final: true, flushed: true, words: [] }, quiet);
  for (let ms = 0; ms < 300; ms += 20) taking.onFrame(true, quiet);
  for (let ms = 0; ms < 200; ms += 20) taking.onFrame(false, quiet);
  words('Yes.');
  for (let ms = 0; ms < 100; ms += 20) taking.onFrame(false, quiet);
  words('Yes.');
  assert.equal(taking.text, '', 'late');
  for (let ms = 20; ms < 400; ms += 20) taking.onFrame(false, quiet, { lastedMs: ms });
  words('Are you sure?');
  assert.equal(taking.text, 'Are you sure?');
});

test('a turn that sounds finished is supposed to be, once for the same words, and doubted when voice comes', () => {
  const script = new Script().voice(600).words('when do you open?', 'so far').silence(200);
  assert.deepEqual(script.supposed, [{ type: 'supposes', text: 'when do you open?' }]);
  script.voice(100);
  assert.deepEqual(script.supposed.at(-1), { type: 'doubts' });
  script.words('when do you open? on Sunday', 'so far').silence(200);
  assert.equal(script.supposed.length, 2, 'words so far may lack the last');
  script.words('When do you open on Sunday?', 'flushed').silence(20);
  assert.deepEqual(script.supposed.at(-1), {
    type: 'supposes',
    text: 'When do you open on Sunday?',
  });
});

test('nothing is supposed of half a sentence, nor while we speak', () => {
  const half = new Script().voice(600).words('I would like to', 'so far').silence(400);
  half.words('I would like to', 'flushed').silence(300);
  assert.deepEqual(half.supposed, []);
  const over = new Script().on(telling).voice(600).words('when do you open?', 'so far');
  assert.deepEqual(over.silence(200).supposed, []);
});

test('a recogniser that decides itself supposes and doubts for us', () => {
  const script = new Script('vendor').voice(600);
  const say = (type: 'eager-end-of-turn' | 'end-of-turn', text: string) =>
    script.taking.onTranscript({ type, text }, quiet);
  assert.deepEqual(say('eager-end-of-turn', 'Two'), { type: 'supposes', text: 'Two' });
  assert.deepEqual(script.taking.onTranscript({ type: 'turn-resumed' }, quiet), { type: 'doubts' });
  assert.equal(say('end-of-turn', 'Two please.')?.type, 'finished');
});

test('half a number is none, whatever the recogniser says; a whole one is, before it says so', () => {
  const expected = { asked: true, what: 'phone', lengths: [10] } as const;
  const asked: Floor = { ...quiet, expected };
  const script = new Script('vendor').on(asked).voice(600);
  assert.equal(
    script.taking.onTranscript({ type: 'end-of-turn', text: '415 555' }, asked),
    undefined,
  );
  script.silence(900).voice(600).words('2306', 'so far').silence(300);
  const finished = script.events.at(-1)?.event;
  assert.ok(finished?.type === 'finished' && finished.text === '415 555 2306');
  const late = script.taking.onTranscript({ type: 'end-of-turn', text: '2306' }, asked);
  assert.equal(late, undefined, 'said already');
});

test('voice while we think holds the answer back; words take it, noise gives it back', () => {
  const words = new Script().on(thinking).voice(300).words('and on', 'so far');
  assert.deepEqual(words.types(), ['interrupts', 'confirms']);
  const noise = new Script().on(thinking).voice(300).silence(200).words('', 'flushed').silence(40);
  assert.deepEqual(noise.types(), ['interrupts', 'pauses', 'retracts']);
});

test('words that come to nothing give back what was taken for them', () => {
  const script = new Script().on(thinking).voice(300).words('the', 'so far').on(quiet);
  script.silence(200).words('', 'flushed').words('', 'final').silence(1000);
  assert.deepEqual(script.types(), ['interrupts', 'confirms', 'pauses', 'retracts']);
});

test('over the last of a question only an answer is heard', () => {
  const ending: Floor = { ...asking, ending: true };
  const script = new Script().on(ending).voice(400).words('yes', 'so far').on(quiet);
  script.silence(200).words('Yes.', 'flushed').silence(100);
  assert.deepEqual(script.types(), ['pauses', 'finished']);
  const still = new Script().on(ending).voice(400).words('yes', 'so far').silence(200);
  still.words('Yes.', 'flushed').silence(100);
  assert.deepEqual(still.types(), ['pauses', 'finished'], 'also before we have ended');
});

test('a guess at what nobody was heard to say is nothing, and sure words are a turn', () => {
  const script = new Script().silence(2000).words('Jeff', 'final', 0.3).silence(3000);
  assert.deepEqual(script.types(), []);
  script.words('yes', 'final', 0.9).silence(1000);
  assert.deepEqual(script.types(), ['pauses', 'finished']);
});

test('a turn is a guess when all of its words are', () => {
  const guess = new Script().voice(600).silence(200).words('hello Jeff', 'flushed', 0.3);
  guess.silence(1000);
  const { event } = guess.events.at(-1)!;
  assert.equal(event.type === 'finished' && event.unsure, true);
  const half = new Script().voice(600).silence(200).words('hello', 'flushed', 0.9);
  half.voice(400).silence(200).words('Jeff', 'flushed', 0.3).silence(1000);
  const last = half.events.at(-1)!.event;
  assert.equal(last.type === 'finished' && last.unsure, undefined);
});

test('a word that is a guess does not stop us, "stop" and a sentence do', () => {
  for (const [text, types] of [
    ['Jeff', ['interrupts']],
    ['stop', ['interrupts', 'confirms']],
    ['what about the other one', ['interrupts', 'confirms']],
  ] as const) {
    const script = new Script().on(telling).voice(300).words(text, 'so far', 0.3);
    assert.deepEqual(script.types(), types, text);
  }
});

test('noise that goes on with a guess in it gives us the line back', () => {
  const script = new Script().on(telling).voice(300).words('Jeff', 'so far', 0.3).voice(2300);
  assert.deepEqual(script.types(), ['interrupts', 'retracts']);
});

test('words that are made final after their turn, while the caller goes on, are not said twice', () => {
  const script = new Script()
    .voice(1200)
    .words('I would like to book a cleaning', 'so far')
    .silence(2000);
  assert.deepEqual(script.types(), ['pauses', 'finished']);
  script
    .on(thinking)
    .silence(100)
    .voice(200)
    .words('I would like to book a cleaning', 'final')
    .voice(400)
    .words('on Tuesday', 'so far')
    .silence(200)
    .words('on Tuesday', 'flushed')
    .silence(1000);
  const turns = script.events.flatMap(({ event }) =>
    event.type === 'finished' ? [event.text] : [],
  );
  assert.deepEqual(turns, ['I would like to book a cleaning', 'on Tuesday']);
});

test('what is said again after such words counts', () => {
  const script = new Script().voice(600).words('yes', 'so far').silence(1200);
  script.words('yes', 'final').silence(3000).voice(400).words('yes', 'so far').silence(200);
  script.words('yes', 'flushed').silence(3600).words('no', 'final').silence(1000);
  const turns = script.events.flatMap(({ event }) =>
    event.type === 'finished' ? [event.text] : [],
  );
  assert.deepEqual(turns, ['yes', 'yes', 'no']);
});
