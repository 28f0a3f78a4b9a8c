// Vendors that drop, refuse, babble, dawdle or cannot be found in the middle of a call: the caller is heard and answered all the same.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../../sandbox/phone/call.ts';
import type { Fault } from '../../sandbox/faults.ts';
import { stockSentences } from '../../src/reception/stored-speech/stock-sentences.ts';
import {
  assertBilled,
  assertSound,
  eventually,
  finished,
  greeted,
} from '../support/product/after-call.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import type { TestFrontdesk, TestFrontdeskOptions } from '../support/product/frontdesk.ts';

const answer = 'We open at nine in the morning, and we close at five in the evening.';
const question = 'when do you open';

interface Story {
  /** What goes wrong, from the greeting's end on. */
  readonly faults?: (f: TestFrontdesk) => void;
  /** It is the voice that goes wrong. */
  readonly voice?: boolean;
  /** Before the call. */
  readonly before?: (f: TestFrontdesk) => void;
  /** How often the recognisers hear the question: each that takes over hears it again. */
  readonly heard?: number;
  readonly options?: TestFrontdeskOptions;
}

interface Told {
  readonly f: TestFrontdesk;
  readonly call: Call;
  readonly caller: readonly string[];
  readonly agent: readonly string[];
  /** What each vendor was paid for, by its name and the unit, and in all what the turns cost. */
  readonly paid: Readonly<Record<string, number>>;
  readonly turnsCost: number;
  readonly allCost: number;
  /** Characters that each voice was given for the answer. */
  readonly characters: { readonly first: number; readonly second: number };
}

type Context = { after(act: () => Promise<void>): void };

/** A call in which one question is asked and answered; what was stored of it. */
async function told(
  t: Context,
  { faults, voice, before, heard = 1, options }: Story,
): Promise<Told> {
  const f = await startTestFrontdesk(t, { secondVoice: true, ...options });
  before?.(f);
  // Stored speech is made by the same voice after the first call, and must not meet the faults; nor is a caller kept waiting for it.
  if (voice) {
    const earlier = f.call();
    await greeted(earlier);
    earlier.hangUp();
    await finished(f, earlier);
    await clipsMade(f);
  }
  const call = f.call();
  await greeted(call);
  faults?.(f);
  const before1 = f.cartesia.characters;
  const before2 = f.elevenlabs.characters;
  f.openai.script(...Array.from({ length: 4 }, () => answer));
  f.says.push(...Array.from({ length: heard }, () => question));
  await call.say(f.voice(question));
  await heardOut(f, call);
  await call.quiet(1500, 60_000);
  call.hangUp();
  const record = await finished(f, call);
  assertBilled(record, record.summary.connectedMs);
  const costs = await costsOf(f, record.conversation.id);
  const characters = {
    first: f.cartesia.characters - before1,
    second: f.elevenlabs.characters - before2,
  };
  const said = (role: string) =>
    record.utterances.filter((each) => each.role === role).map(({ content }) => content);
  // On a busy machine the caller may be asked before they begin.
  const agent = said('assistant').filter((text) => text !== stockSentences.stillThere);
  return { f, call, caller: said('user'), agent: agent.slice(1), characters, ...costs };
}

/** What the agent said is stored once it has been heard; quiet alone may be that of a machine which falls behind. */
async function heardOut({ database }: TestFrontdesk, { sid }: Call): Promise<void> {
  await eventually('an answer that was heard', async () => {
    const rows = await database.general`
      SELECT FROM utterances JOIN conversations ON conversations.id = conversation_id
      WHERE call_sid = ${sid} AND role = 'assistant' AND right(content, 5) = ${answer.slice(-5)}`;
    return rows.length > 0 ? true : undefined;
  });
}

async function costsOf({ database }: TestFrontdesk, id: string) {
  const sql = database.general;
  const rows = await sql<{ name: string; quantity: number; microdollars: number }[]>`
    SELECT vendor || ' ' || unit AS name, quantity, microdollars FROM conversation_costs WHERE conversation_id = ${id}`;
  const turns = await sql<{ cost: number }[]>`
    SELECT cost_microdollars AS cost FROM turns WHERE conversation_id = ${id}`;
  return {
    paid: Object.fromEntries(rows.map(({ name, quantity }) => [name, quantity])),
    turnsCost: turns.reduce((sum, { cost }) => sum + cost, 0),
    allCost: rows.reduce((sum, { microdollars }) => sum + microdollars, 0),
  };
}

/** The greeting and the stock sentences. */
async function clipsMade(f: TestFrontdesk): Promise<void> {
  const all = Object.keys(stockSentences).length + 1;
  const made = async () => {
    const [{ count }] = await f.database.general<
      [{ count: number }]
    >`SELECT count(*)::int AS count FROM clips`;
    return count >= all ? true : undefined;
  };
  // Twice as long as other waits: a dozen sentences are made one after the other.
  await eventually('stored speech', made).catch(() => eventually('stored speech', made));
}

/** The whole answer was heard, once, with nothing else. */
function assertAnswered({ caller, agent }: Told): void {
  assert.deepEqual(
    [caller.join(' ').toLowerCase().replaceAll(/[.?]/g, ''), agent],
    [question, [answer]],
  );
}

function warnings({ f }: Told): string[] {
  return f.log.flatMap(({ msg, vendor }) =>
    String(msg).startsWith('a vendor') ? [`${String(msg)}: ${String(vendor)}`] : [],
  );
}

describe('a vendor fails', { concurrency: 5 }, () => {
  test('the recogniser is cut off while the caller speaks: what they say is heard, once', async (t) => {
    const story = await told(t, {
      heard: 2,
      faults: (f) => f.deepgram.faults.add({ on: 'message', match: 'Results', do: 'reset' }),
    });
    assertAnswered(story);
  });

  test('the recogniser stalls: the other kind hears what was said', async (t) => {
    const story = await told(t, {
      heard: 2,
      faults: (f) => f.deepgram.faults.add({ on: 'message', match: 'Results', do: 'stall' }),
    });
    assertAnswered(story);
    assert.deepEqual(warnings(story), ['a vendor failed: deepgram']);
  });

  test('the recogniser takes every connection and ends it: the other kind hears what was said', async (t) => {
    const ends: Fault = { on: 'message', match: 'Results', do: 'close:1011', times: 60 };
    const story = await told(t, { heard: 3, faults: (f) => f.deepgram.faults.add(ends) });
    assertAnswered(story);
    assert.ok(story.paid['flux-general-en milliseconds']! > 1000);
  });

  test('the voice is cut off in the middle of a sentence: it goes on, and no word is lost or told twice', async (t) => {
    const story = await told(t, {
      voice: true,
      faults: (f) => f.cartesia.faults.add({ on: 'message', match: 'chunk', nth: 12, do: 'reset' }),
    });
    assertAnswered(story);
    assert.equal(story.characters.second, 0);
  });

  test('the voice stalls in the middle of a sentence: another says the rest', async (t) => {
    const story = await told(t, {
      voice: true,
      faults: (f) => f.cartesia.faults.add({ on: 'message', match: 'chunk', nth: 12, do: 'stall' }),
    });
    assertAnswered(story);
    const { second } = story.characters;
    assert.ok(second > 10 && second < answer.length - 10, `${second} characters`);
  });

  test('the voice is slower than speech: another takes over', async (t) => {
    const story = await told(t, { voice: true, faults: (f) => (f.cartesia.pace = 0.7) });
    assertAnswered(story);
    assert.ok(story.characters.second > 10);
  });

  test('the model is cut off in the middle of its answer: another goes on', async (t) => {
    const story = await told(t, {
      faults: (f) => f.openai.faults.add({ on: 'message', match: 'close', do: 'reset' }),
    });
    assertAnswered(story);
    assert.equal(story.f.openai.requests.length, 2);
    assert.notEqual(story.f.openai.requests[0]?.model, story.f.openai.requests[1]?.model);
  });

  test('the server of the models is away: a model of another server answers', async (t) => {
    const story = await told(t, {
      options: { secondModels: true },
      faults: (f) => {
        f.openai.faults.add({ on: 'request', do: 'status:503', times: 60 });
        f.openaiSecond.script(answer);
      },
    });
    assertAnswered(story);
    assert.equal(story.f.openai.requests.length, 0);
    assert.deepEqual(
      story.f.openaiSecond.requests.map(({ model }) => model),
      ['other'],
    );
  });

  test('the server of the models cannot be reached when the call begins: the other one is opened', async (t) => {
    const story = await told(t, {
      options: { secondModels: true },
      before: (f) => {
        f.openai.faults.add({ on: 'request', do: 'reset', times: 60 });
        f.openaiSecond.script(answer);
      },
    });
    assertAnswered(story);
    assert.equal(story.f.openaiSecond.requests.length, 1);
  });

  test('too many requests: it waits as long as it is told, and asks no more than thrice', async (t) => {
    const busy: Fault = {
      on: 'request',
      do: 'status:429',
      times: 2,
      headers: { 'retry-after': '1' },
    };
    const story = await told(t, { faults: (f) => f.openai.faults.add(busy) });
    assertAnswered(story);
    // Its second try is refused as well; the other model answers at once.
    assert.equal(story.f.openai.requests.length, 1);
    assert.deepEqual(warnings(story), [
      'a vendor failed: openai openai/gpt-4o-mini',
      'a vendor is left alone: openai openai/gpt-4o-mini',
    ]);
  });

  test('the voice cannot be had when the call begins: another speaks', async (t) => {
    const story = await told(t, {
      before: (f) => f.cartesia.faults.add({ on: 'connect', do: 'status:503', times: 60 }),
    });
    assertAnswered(story);
    assert.equal(story.characters.first, 0);
    assert.ok(story.characters.second > answer.length - 10);
  });

  test('certificates and names that are wrong are failures like others, told by the vendor, not by the key', async (t) => {
    const story = await told(t, {
      options: { env: { CARTESIA_BASE_URL: 'https://voice.invalid' } },
    });
    assertAnswered(story);
    const lines = JSON.stringify(story.f.log);
    assert.match(lines, /cartesia: cannot be reached/);
    assert.ok(!lines.includes('a-key-of-the-stand-ins'));
  });

  test('whoever served is paid, at their price: recogniser, model and voice that took over', async (t) => {
    const story = await told(t, {
      heard: 2,
      before: (f) => f.cartesia.faults.add({ on: 'connect', do: 'status:503', times: 60 }),
      faults: (f) => {
        f.deepgram.faults.add({ on: 'message', match: 'Results', do: 'stall' });
        f.openai.faults.add({ on: 'request', do: 'status:503', times: 60 });
        f.openaiSecond.script(answer);
      },
      options: { secondModels: true },
    });
    assertAnswered(story);
    const { paid, characters } = story;
    const names = Object.keys(paid).toSorted();
    assert.deepEqual(names, [
      'elevenlabs characters',
      'flux-general-en milliseconds',
      'nova-2-phonecall milliseconds',
      'second/other input_tokens',
      'second/other output_tokens',
    ]);
    assert.ok(paid['elevenlabs characters']! >= characters.second);
    assert.ok(paid['flux-general-en milliseconds']! > 1000);
    // By the character at ElevenLabs, by the hour at either recogniser; the second server has no price.
    const [flux, nova] = [paid[names[1]!]! * 0.462, paid[names[2]!]! * 0.348];
    const expected = paid['elevenlabs characters']! * 100 + (flux + nova) / 3.6;
    assert.ok(Math.abs(story.allCost - expected) < 10, `${story.allCost} for ${expected}`);
    assert.equal(story.turnsCost, story.allCost);
  });

  const mutate = (match: string): Fault => ({ on: 'message', match, do: 'mutate', times: 200 });
  const bad: readonly [name: string, faults: (f: TestFrontdesk) => void][] = [
    ['the recogniser, 200 broken messages', (f) => f.deepgram.faults.add(mutate('type'))],
    ['the voice, 200 broken messages', (f) => f.cartesia.faults.add(mutate('type'))],
    ['the model, 200 broken events', (f) => f.openai.faults.add(mutate('choices'))],
    [
      'messages of 20 MB',
      (f) => {
        f.deepgram.faults.add({ on: 'message', match: 'Results', do: 'huge' });
        f.cartesia.faults.add({ on: 'message', match: 'chunk', nth: 3, do: 'huge' });
      },
    ],
    [
      'binary where text is due',
      (f) => {
        f.deepgram.faults.add({ on: 'message', do: 'binary', times: 3 });
        f.cartesia.faults.add({ on: 'message', do: 'binary', times: 3 });
      },
    ],
  ];
  for (const [name, faults] of bad) {
    test(`${name}: nothing breaks`, async (t) => {
      const f = await startTestFrontdesk(t, { secondVoice: true });
      const call = f.call();
      await greeted(call);
      faults(f);
      f.openai.script(...Array.from({ length: 6 }, () => answer));
      f.says.push(...Array.from({ length: 6 }, () => question));
      await call.say(f.voice(question));
      await call.until(() => call.nowMs > 9000 || call.over, 60_000);
      call.hangUp();
      await finished(f, call);
      for (const { faults: script } of [f.deepgram, f.openai, f.cartesia]) script.clear();
      await assertSound(f);
    });
  }
});
