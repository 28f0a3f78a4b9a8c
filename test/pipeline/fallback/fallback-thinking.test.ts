// A model that fails is replaced by the next, whatever it had said; the first is asked again when it has recovered.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/lib/errors.ts';
import { openThinking } from '../../../src/pipeline/fallback/fallback-thinking.ts';
import type { Member } from '../../../src/pipeline/fallback/fallback.ts';
import type { LanguageModel, Message, ModelEvent } from '../../../src/pipeline/types.ts';
import { testChain } from '../../support/virtual-calls/chains.ts';
import { VirtualClock } from '../../support/clock.ts';
import { toolCall, tokens } from '../../support/virtual-calls/vendors.ts';

const end: Extract<ModelEvent, { type: 'end' }> = { type: 'end', finish: 'stop', usage: undefined };
const away = (status?: number) =>
  new AppError('vendor_failed', 'away', status === undefined ? {} : { upstream: { status } });

/** Each answer is given once: events, then an error if there is one. */
type Answer = readonly (ModelEvent | Error)[];

function begin(t: { after(act: () => void): void }, answers: Readonly<Record<string, Answer[]>>) {
  const clock = new VirtualClock();
  const chain = testChain(clock);
  t.after(() => chain[Symbol.dispose]());
  const asked: { name: string; messages: readonly Message[] }[] = [];
  const opened: string[] = [];
  const members = Object.entries(answers).map(([name, given]): Member<LanguageModel> => ({
    name,
    pricedAs: `priced ${name}`,
    circuit: chain.circuits.of({ service: 'thinking', vendor: name, key: 'k' }),
    open: async () => {
      opened.push(name);
      return {
        async *generate({ messages }) {
          asked.push({ name, messages });
          for (const each of given.shift() ?? [away()]) {
            if (each instanceof Error) throw each;
            yield each;
          }
        },
        [Symbol.dispose]() {},
      };
    },
  }));
  const open = () => openThinking(members, chain);
  return { clock, chain, asked, opened, open };
}

async function ask(model: LanguageModel): Promise<{ text: string; events: ModelEvent[] }> {
  const events: ModelEvent[] = [];
  const messages = [{ role: 'user', text: 'When do you open?' }] as const;
  const { signal } = new AbortController();
  for await (const event of model.generate({ messages, tools: [], language: 'en-US', signal }))
    events.push(event);
  const text = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
  return { text, events };
}

test('who fails before a word is replaced without a trace', async (t) => {
  const { open, asked, opened } = begin(t, {
    first: [[away(503)]],
    second: [[...tokens('At nine.'), end]],
  });
  using model = await open();
  assert.deepEqual(opened, ['first']);
  assert.equal((await ask(model)).text, 'At nine.');
  assert.deepEqual(
    asked.map(({ name, messages }) => [name, messages.length]),
    [
      ['first', 1],
      ['second', 1],
    ],
  );
});

test('an answer without a word is none: the next is asked, and its vendor is no success', async (t) => {
  for (const [finish, failures] of [
    ['stop', 1],
    ['length', 1],
    // Other callers say other things.
    ['filtered', 0],
  ] as const) {
    const { open, asked, chain } = begin(t, {
      first: [[...tokens(' … '), { ...end, finish }]],
      second: [[...tokens('At nine.'), end]],
    });
    using model = await open();
    assert.match((await ask(model)).text, /^\s*…\s+At nine\.$/);
    assert.equal(asked[1]?.messages.length, 1);
    const health = chain.circuits.health().find(({ vendor }) => vendor === 'first');
    assert.deepEqual([health?.successes, health?.failuresInARow], [0, failures]);
  }
});

test('after tools there may be nothing to say', async (t) => {
  const { open, chain } = begin(t, { first: [[end]], second: [] });
  using model = await open();
  const messages: Message[] = [
    { role: 'user', text: 'Thank you.' },
    { role: 'assistant', text: '', toolCalls: [{ id: 'a', name: 'end_call', arguments: '{}' }] },
    { role: 'tool', callId: 'a', result: 'The call ends.' },
  ];
  const { signal } = new AbortController();
  const events: ModelEvent[] = [];
  for await (const event of model.generate({ messages, tools: [], language: 'en-US', signal }))
    events.push(event);
  assert.deepEqual(events, [end]);
  assert.equal(chain.circuits.health()[0]?.failures, 0);
});

test('an answer that breaks off is gone on with: no word twice, whether the next one repeats them or not', async (t) => {
  for (const [rest, whole] of [
    ['and we close at five.', 'We open at nine and we close at five.'],
    ['We open at nine and we close at five.', 'We open at nine and we close at five.'],
    ['We are open until six.', 'We open at nine We are open until six.'],
    ['We open', 'We open at nine'],
  ] as const) {
    const { open, asked } = begin(t, {
      first: [[...tokens('We open at nine'), away()]],
      second: [[...tokens(rest), end]],
    });
    using model = await open();
    const { text, events } = await ask(model);
    assert.equal(text, whole);
    assert.equal(events.filter((event) => event.type === 'end').length, 1);
    assert.deepEqual(asked[1]?.messages[1], {
      role: 'assistant',
      text: 'We open at nine',
      toolCalls: [],
    });
  }
});

test('the tokens are told with the name of the model that has used them', async (t) => {
  const usage = { inputTokens: 9, outputTokens: 3 };
  const { open } = begin(t, {
    first: [[...tokens('We open'), away()]],
    second: [[...tokens(' at nine.'), { ...end, usage }]],
  });
  using model = await open();
  const { events } = await ask(model);
  assert.deepEqual(events.at(-1), { ...end, usage: { ...usage, model: 'priced second' } });
});

test('tools that were asked for run once', async (t) => {
  const { open, asked } = begin(t, {
    first: [[toolCall('book', {}), away()]],
    second: [[toolCall('book', {}), end]],
  });
  using model = await open();
  const { events } = await ask(model);
  assert.deepEqual(
    events.map((event) => event.type),
    ['tool-call', 'end'],
  );
  assert.equal(asked.length, 1);
});

test('tools without a word are an answer, what they have cost is told, and the vendor is kept', async (t) => {
  const usage = { inputTokens: 9, outputTokens: 3 };
  const answer = () => [toolCall('book', {}), { ...end, usage }];
  const { open, asked } = begin(t, { first: [answer(), answer(), answer()], second: [] });
  for (let call = 0; call < 3; call += 1) {
    using model = await open();
    const { events } = await ask(model);
    assert.deepEqual(events.at(-1), { ...end, usage: { ...usage, model: 'priced first' } });
  }
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['first', 'first', 'first'],
  );
});

test('a dead model costs the next calls nothing, and is asked again when it is back', async (t) => {
  const alive = () => [...tokens('At nine.'), end];
  const { open, asked, clock } = begin(t, {
    first: [[away()], [away()], alive()],
    second: [alive(), alive(), alive(), alive()],
  });
  for (let call = 0; call < 4; call += 1) {
    using model = await open();
    await ask(model);
  }
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['first', 'second', 'first', 'second', 'second', 'second'],
  );
  using running = await open();
  await clock.advance(5000);
  await ask(running);
  assert.equal(asked.at(-1)?.name, 'first');
});

test('one call that asks for what nobody has does not hurt the others', async (t) => {
  const alive = () => [...tokens('At nine.'), end];
  const { open, asked } = begin(t, {
    first: [[away(404)], [away(404)], [away(404)], alive()],
    second: [alive(), alive(), alive()],
  });
  for (let call = 0; call < 4; call += 1) {
    using model = await open();
    await ask(model);
  }
  assert.equal(asked.filter(({ name }) => name === 'first').length, 4);
});

test('when all fail, the failure is the last one', async (t) => {
  const { open } = begin(t, { first: [], second: [[new Error('the very last')]] });
  using model = await open();
  await assert.rejects(ask(model), /the very last/);
});
