// OpenAI's chat completions as a language model: what is asked, what is understood, and every way in which it fails.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { vendor } from '../../../src/pipeline/llm/openai.ts';
import type { ModelEvent } from '../../../src/pipeline/types.ts';
import {
  callPiece,
  cut,
  delta,
  finish,
  noMore,
  says,
  stall,
  startChat,
  usage,
} from '../../support/servers/chat-server.ts';
import type { ChatServer, Part } from '../../support/servers/chat-server.ts';
import { VirtualClock } from '../../support/clock.ts';
import { until } from '../../support/until.ts';
import { all, ask, getTime, languageModelContract, read } from '../contract/language-model.ts';
import { isVendorFailed } from '../contract/speech-to-text.ts';

const key = 'sk-secret';

let server: ChatServer;
const closing: (() => void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await server.close();
});

languageModelContract('openai', async () => {
  server = await startChat();
  let answering = 0;
  let ending: Part | undefined;
  const counted = (parts: readonly Part[]): Part[] => [
    (response) => {
      answering += 1;
      response.on('close', () => {
        answering -= 1;
      });
    },
    ...parts,
  ];
  const words = says('One two three.');
  const call = [callPiece(0, { id: 'c1', name: 'get_time', args: '{"zone":"UTC"}' })];
  const answers = {
    shift: (): readonly Part[] => {
      if (ending) return counted([...words.slice(0, 2), ending]);
      const messages = server.requests.at(-1)?.body['messages'] as {
        role: string;
        content: string;
      }[];
      const last = messages.at(-1);
      return counted(
        last?.content.includes('time') ? [...call, finish('tool_calls'), usage] : words,
      );
    },
  };
  Object.assign(server, { answers });
  return {
    languageModel: await open(),
    answering: () => answering,
    stall: () => {
      ending = stall;
    },
    breakOff: () => {
      ending = cut;
    },
    close: () => server.close(),
  };
});

describe('what is asked', () => {
  test('the conversation and the tools, in the form of chat completions', async () => {
    const model = await begin(says('Hello.'));
    const calls = [
      { id: 'c1', name: 'get_time', arguments: '{"zone":"UTC"}' },
      { id: 'c2', name: 'get_time', arguments: '{"zone":' },
    ];
    await all(model, [
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Hi' },
      { role: 'assistant', text: '', toolCalls: [] },
      { role: 'assistant', text: 'One moment.', toolCalls: calls },
      { role: 'tool', callId: 'c1', result: '12:00' },
      { role: 'tool', callId: 'c2', result: 'no' },
      { role: 'assistant', text: 'Noon.', toolCalls: [] },
      { role: 'user', text: 'Thanks' },
    ]);
    const [request] = server.requests;
    assert.equal(request?.url, '/v1/chat/completions');
    assert.equal(request.headers.authorization, `Bearer ${key}`);
    assert.deepEqual(request.body, {
      model: 'openai/gpt-4o-mini',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: 'One moment.',
          tool_calls: [
            {
              id: 'c1',
              type: 'function',
              function: { name: 'get_time', arguments: '{"zone":"UTC"}' },
            },
            // What is no JSON would be refused with all the rest.
            { id: 'c2', type: 'function', function: { name: 'get_time', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: '12:00' },
        { role: 'tool', tool_call_id: 'c2', content: 'no' },
        { role: 'assistant', content: 'Noon.' },
        { role: 'user', content: 'Thanks' },
      ],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_time',
            description: getTime.description,
            parameters: getTime.parameters,
          },
        },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('nothing from the environment', async (t) => {
    const stray = {
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
      OPENAI_ORG_ID: 'o',
      OPENAI_PROJECT_ID: 'p',
    };
    const before = { ...process.env };
    t.after(() => {
      for (const name of Object.keys(stray)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    });
    Object.assign(process.env, stray);
    const model = await begin(says('Hello.'));
    await all(model, ask('Hi'));
    const { headers } = server.requests[0]!;
    assert.equal(headers['openai-organization'], undefined);
    assert.equal(headers['openai-project'], undefined);
  });

  test('over connections that are kept, the first of them open before the first turn', async () => {
    const model = await begin();
    assert.equal(server.connections.made, 1);
    for (let turn = 0; turn < 8; turn += 1) await all(model, ask('Hi'));
    assert.equal(server.requests.length, 8);
    // A request right after an answer may come before its connection is free again.
    assert.ok(server.connections.made <= 2, `${server.connections.made} connections`);
  });
});

describe('what is understood', () => {
  test('tool calls whose pieces are mixed, after the text before them', async () => {
    const model = await begin([
      delta({ role: 'assistant', content: null }),
      delta({ content: 'One moment. ' }),
      callPiece(0, { id: 'a', name: 'get_time', args: '' }),
      callPiece(1, { id: 'b', name: 'get_time', args: '{"zone"' }),
      callPiece(0, { args: '{"zone":"UTC"}' }),
      callPiece(1, { args: ':"CET"}' }),
      finish('tool_calls'),
      usage,
    ]);
    assert.deepEqual(await all(model, ask('time')), [
      { type: 'text', text: 'One moment. ' },
      { type: 'tool-call', call: { id: 'a', name: 'get_time', arguments: '{"zone":"UTC"}' } },
      { type: 'tool-call', call: { id: 'b', name: 'get_time', arguments: '{"zone":"CET"}' } },
      { type: 'end', finish: 'tool-calls', usage: { inputTokens: 12, outputTokens: 3 } },
    ]);
  });

  test('tool calls of servers that name neither index nor id, and end with stop', async () => {
    const piece = { function: { name: 'get_time', arguments: '{}' } };
    const model = await begin([delta({ tool_calls: [piece] }), finish('stop')]);
    const [call, end] = await all(model, ask('time'));
    assert.ok(call?.type === 'tool-call' && call.call.id.startsWith('call_'));
    assert.deepEqual(end, { type: 'end', finish: 'tool-calls', usage: undefined });
  });

  for (const [reason, meant] of [
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'filtered'],
    ['eos', 'stop'],
  ] as const) {
    test(`the end "${reason}"`, async () => {
      const model = await begin([delta({ content: 'Hi' }), finish(reason)]);
      const end = (await all(model, ask('Hi'))).at(-1);
      assert.deepEqual(end, { type: 'end', finish: meant, usage: undefined });
    });
  }

  test('an end without token counts is not waited on for long', async () => {
    const clock = new VirtualClock();
    const model = await begin(clock, [delta({ content: 'Hi' }), finish('stop'), stall]);
    const events: ModelEvent[] = [];
    const ended = read(model, ask('Hi'), events, new AbortController().signal);
    await until('it answers', () => events.length === 1 && clock.pending === 1);
    await advanceUntil(clock, 500, () => events.length === 2);
    await ended;
    assert.equal(clock.pending, 0);
  });

  test('comments, empty chunks and fields nobody knows', async () => {
    const model = await begin([
      ': keep-alive',
      { choices: [] },
      { surprise: true, choices: [{ index: 0, delta: { content: 7, tool_calls: 'no' } }] },
      { choices: [{ index: 0 }] },
      delta({ content: 'Hi', reasoning: 'hm' }),
      finish('stop'),
    ]);
    assert.deepEqual(await all(model, ask('Hi')), [
      { type: 'text', text: 'Hi' },
      { type: 'end', finish: 'stop', usage: undefined },
    ]);
  });
});

describe('how it fails', () => {
  test('nobody there when the call begins', async () => {
    server = await startChat();
    await server.close();
    await assert.rejects(open(), isVendorFailed);
  });

  test('no token in 4 s, though there are signs of life', async () => {
    const clock = new VirtualClock();
    const alive = delta({ role: 'assistant', content: '' });
    const slowly: Part = async (response) => {
      await clock.sleep(3000);
      response.write(`data: ${JSON.stringify(alive)}\n\n`);
    };
    const model = await begin(clock, [alive, slowly, stall]);
    const ended = all(model, ask('Hi'));
    ended.catch(() => {});
    await until('it answers', () => clock.pending === 2);
    await clock.advance(3000);
    // The sign of life must be there before time goes on, and nothing shows that it is.
    await until('it has been sent', () => clock.pending === 1);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    await clock.advance(1000);
    await assert.rejects(ended, /openai: nothing for 4000 ms/);
    assert.equal(clock.pending, 0);
  });

  test('a token, and no other in 4 s', async () => {
    const clock = new VirtualClock();
    const model = await begin(clock, [delta({ content: 'Hi' }), stall]);
    const events: ModelEvent[] = [];
    const ended = read(model, ask('Hi'), events, new AbortController().signal);
    ended.catch(() => {});
    await until('it answers', () => events.length === 1);
    await clock.advance(4000);
    await assert.rejects(ended, /nothing for 4000 ms/);
  });

  test('time that its reader takes is not its fault', async () => {
    const clock = new VirtualClock();
    const model = await begin(clock, says('One two three.'));
    const { signal } = new AbortController();
    const request = { messages: ask('Hi'), tools: [], language: 'en-US', signal };
    let text = '';
    for await (const event of model.generate(request)) {
      if (event.type === 'text') text += event.text;
      await clock.advance(5000);
    }
    assert.equal(text, 'One two three.');
  });

  test('an answer that ends without saying why', async () => {
    const model = await begin([delta({ content: 'Hi' }), noMore]);
    await assert.rejects(all(model, ask('Hi')), /openai: the answer ended without saying why/);
  });

  test('an error in the middle', async () => {
    const model = await begin([
      delta({ content: 'Hi' }),
      { error: { message: `overloaded ${key}`, code: 502 } },
    ]);
    await assert.rejects(all(model, ask('Hi')), (error: Error) => {
      assert.ok(isVendorFailed(error));
      assert.match(error.message, /overloaded \[key\]/);
      return true;
    });
  });

  test('a stream that is no JSON', async () => {
    const model = await begin(['data: {"choices":[{"delta":{"con', noMore]);
    await assert.rejects(all(model, ask('Hi')), isVendorFailed);
  });

  test('another address: what callers say does not go there', async () => {
    const other = await startChat();
    try {
      const model = await begin({
        status: 307,
        headers: { location: `${other.url}/chat/completions` },
      });
      await assert.rejects(all(model, ask('Hi')), /openai: 307/);
      assert.deepEqual([server.requests.length, other.requests.length], [1, 0]);
    } finally {
      await other.close();
    }
  });

  test('tool calls without end', async () => {
    const pieces = Array.from({ length: 60 }, (_, i) => callPiece(i, { id: `c${i}`, name: 'x' }));
    const model = await begin([...pieces, finish('tool_calls')]);
    await assert.rejects(all(model, ask('Hi')), /too many or too long tool calls/);
  });

  for (const [status, tries] of [
    [400, 1],
    [401, 1],
    [429, 2],
    [500, 2],
    [503, 2],
  ] as const) {
    test(`status ${status}: ${tries} tries`, async () => {
      const model = await begin({ status }, { status }, { status });
      await assert.rejects(all(model, ask('Hi')), new RegExp(`openai: ${status} status ${status}`));
      assert.equal(server.requests.length, tries);
    });
  }

  test('a failure that passes is not noticed', async () => {
    const model = await begin({ status: 500 }, says('Hello.'));
    const events = await all(model, ask('Hi'));
    assert.deepEqual(events[0], { type: 'text', text: 'Hello.' });
  });

  test('a wait that is asked for is kept, if it is short', async () => {
    const clock = new VirtualClock();
    const busy = { status: 429, headers: { 'retry-after': '1' } };
    const model = await begin(clock, busy, says('Hello.'));
    const ended = all(model, ask('Hi'));
    await until('it is asked', () => server.requests.length === 1 && clock.pending === 2);
    await clock.advance(999);
    assert.equal(server.requests.length, 1);
    // Up to a quarter more, so that callers do not come back together.
    await advanceUntil(clock, 260, () => server.requests.length === 2);
    await ended;
  });

  test('a long wait that is asked for is a failure at once', async () => {
    const model = await begin({ status: 429, headers: { 'retry-after': '30' } });
    await assert.rejects(all(model, ask('Hi')), /openai: 429/);
    assert.equal(server.requests.length, 1);
  });
});

function open(clock: Clock = systemClock) {
  const call = new AbortController();
  closing.push(() => call.abort(new Error('the test is over')));
  const settings = { url: server.url, key, model: 'openai/gpt-4o-mini', voice: '' };
  return vendor.open(settings, { clock, log: quietLog }, call.signal);
}

type Answer = ChatServer['answers'][number];

async function begin(first?: Clock | Answer, ...rest: Answer[]) {
  server = await startChat();
  const isClock = first !== undefined && 'elapsed' in first;
  if (first && !isClock) server.answers.push(first);
  server.answers.push(...rest);
  const model = await open(isClock ? first : systemClock);
  closing.push(() => model[Symbol.dispose]());
  return model;
}

/** Moves time on by `ms` in all, with a look at the network after each step. */
async function advanceUntil(clock: VirtualClock, ms: number, done: () => boolean): Promise<void> {
  await clock.advance(ms);
  await until('time has told', done);
}
