// The rule-based receptionist and owners' tools: which one is meant, what it asks for, what it says of the answer; and a whole call.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatMessage } from '../../../sandbox/receptionist/dialogue.ts';
import { ownToolReply } from '../../../sandbox/receptionist/own-tools.ts';
import type { OfferedTool } from '../../../sandbox/receptionist/own-tools.ts';
import { newId } from '../../../src/lib/ids.ts';
import { insertHttpTool } from '../../../src/store/clients/owner-tools.ts';
import { finished, greeted } from '../../support/product/after-call.ts';
import { startTestFrontdesk } from '../../support/product/frontdesk.ts';
import { startWebServer } from '../../support/servers/tls-server.ts';

const order: OfferedTool = {
  name: 'order_status',
  description: 'Tells how far an order is. Ask for its number first.',
  parameters: {
    properties: { number: { type: 'string', description: 'The number of the order' } },
    required: ['number'],
  },
};
const weather: OfferedTool = { name: 'shop_getForecast', description: 'The weather at our beach' };
const cancelOrder: OfferedTool = { name: 'cancel_order', description: 'Cancels an order' };
const callBack: OfferedTool = {
  name: 'request_repair',
  description: 'Has a mechanic come',
  parameters: {
    properties: {
      phone: { type: 'string' },
      bikes: { type: 'integer', description: 'How many bikes' },
      kind: { type: 'string', enum: ['road', 'electric'] },
      note: { type: 'string' },
    },
    required: ['bikes', 'kind', 'phone'],
  },
};
const taken: OfferedTool = { name: 'book_appointment', description: 'Books an appointment' };

/** A conversation driven from both sides. */
class Talk {
  readonly #messages: ChatMessage[] = [{ role: 'system', content: 'You are kind.' }];
  readonly #tools: readonly OfferedTool[];
  #calls = 0;

  constructor(...tools: OfferedTool[]) {
    this.#tools = [taken, ...tools];
  }

  says(content: string): string | undefined {
    this.#messages.push({ role: 'user', content });
    return this.#answer();
  }

  result(value: object): string | undefined {
    this.#messages.push({
      role: 'tool',
      content: JSON.stringify(value),
      tool_call_id: `c${this.#calls}`,
    });
    return this.#answer();
  }

  /** A result upon which the caller is asked something, and the model nothing. */
  readBack(): void {
    const content = JSON.stringify({ error: 'needs_read_back', hint: 'h' });
    this.#messages.push({ role: 'tool', content, tool_call_id: `c${this.#calls}` });
  }

  #answer(): string | undefined {
    const reply = ownToolReply(this.#messages, this.#tools);
    if (!reply) return undefined;
    const [call] = reply.calls;
    this.#messages.push({
      role: 'assistant',
      content: reply.text,
      ...(call && {
        tool_calls: [
          {
            id: `c${(this.#calls += 1)}`,
            function: { name: call.name, arguments: JSON.stringify(call.arguments) },
          },
        ],
      }),
    });
    return call ? `${call.name} ${JSON.stringify(call.arguments)}` : reply.text;
  }
}

test('a tool is meant by its name or its description, and by nothing that is about appointments', () => {
  const cases: [said: string, reply: string | undefined][] = [
    ['where is my order', 'What is the number of the order?'],
    ['my order number is four five six', 'order_status {"number":"456"}'],
    ["how's the weather on the beach", 'shop_getForecast {}'],
    ['what is the forecast', 'shop_getForecast {}'],
    ['cancel my order please', 'cancel_order {}'],
    ['cancel my appointment', undefined],
    ["i'd like to book an appointment", undefined],
    ['i want to leave a message about an order', undefined],
    ['can i talk to a person', undefined],
    ['hello', undefined],
    ['goodbye', undefined],
  ];
  for (const [said, reply] of cases) {
    assert.equal(new Talk(order, weather, cancelOrder).says(said), reply, said);
  }
  assert.equal(new Talk().says('where is my order'), undefined);
});

test('what lacks is asked for, one after the other, and what comes back is said', () => {
  const talk = new Talk(callBack);
  assert.equal(talk.says('two of my bikes need a repair'), 'What is the kind?');
  assert.equal(talk.says('the purple ones'), 'I am sorry, I did not get that. What is the kind?');
  assert.equal(talk.says('electric'), 'What is the phone?');
  assert.equal(
    talk.says('five five five oh one two three'),
    'request_repair {"bikes":2,"kind":"electric","phone":"5550123"}',
  );
  talk.readBack();
  assert.equal(
    talk.says('yes'),
    'request_repair {"bikes":2,"kind":"electric","phone":"5550123"}',
    'once more after the reading back',
  );
  assert.equal(
    talk.result({ answer: { mechanic: 'Ann', arrives_at: 'ten' } }),
    'mechanic is Ann, arrives at is ten. Is there anything else I can do for you?',
  );
  assert.equal(talk.says('no thank you'), undefined);
});

test('a caller who changes their mind, or never answers, is not kept', () => {
  const talk = new Talk(order);
  talk.says('where is my order');
  assert.equal(talk.says("i'd like to book an appointment"), undefined);
  const deaf = new Talk(order);
  deaf.says('where is my order');
  deaf.says('what');
  deaf.says('what');
  assert.equal(deaf.says('what'), undefined);
});

test('a failure is told as one', () => {
  const talk = new Talk(weather);
  talk.says('what is the forecast');
  assert.equal(
    talk.result({ error: 'The tool has failed.', answer: 'no sky' }),
    'I am sorry, that did not work. no sky. Is there anything else I can do for you?',
  );
});

test("in a whole call a caller asks for their order, and hears what the owner's service says", async (t) => {
  const server = await startWebServer(t, {
    secure: false,
    answer: (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"state":"on its way"}'),
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const f = await startTestFrontdesk(t, { env: { LOOPBACK_ORIGINS: origin } });
  await insertHttpTool(f.database.general, {
    id: newId(0),
    clientId: f.client.id,
    name: order.name,
    description: order.description!,
    parameters: { type: 'object', ...order.parameters },
    method: 'GET',
    url: `${origin}/orders/{number}`,
    timeoutMs: 3000,
    isActive: true,
    headerNames: [],
    headersSealed: null,
  });
  const call = f.call();
  await greeted(call);
  for (const said of ["i'm calling about my order", 'the number is four five six seven']) {
    f.says.push(said);
    await call.say(f.voice(said));
    await call.reply(700, 60_000);
    await call.quiet(700, 60_000);
  }
  call.hangUp();
  const { utterances } = await finished(f, call);
  assert.equal(server.requests[0]?.url, '/orders/4567');
  assert.deepEqual(
    utterances
      .filter(({ role }) => role === 'assistant')
      .map(({ content }) => content)
      .slice(-2),
    [
      'What is the number of the order?',
      'state is on its way. Is there anything else I can do for you?',
    ],
  );
});
