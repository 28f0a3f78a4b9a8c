// The rule-based receptionist: conversations in, words and tool calls out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reply } from '../../../sandbox/receptionist/reply.ts';
import type { ChatMessage } from '../../../sandbox/receptionist/dialogue.ts';

const tools = [
  'get_available_slots',
  'book_appointment',
  'reschedule_appointment',
  'cancel_appointment',
  'take_message',
  'end_call',
];

const slots = [
  { slot_id: 'aa11', date: '2027-03-02', time: '09:00', spoken: 'tomorrow at 9 a.m.' },
  { slot_id: 'bb22', date: '2027-03-02', time: '10:30', spoken: 'tomorrow at 10:30 a.m.' },
  { slot_id: 'cc33', date: '2027-03-02', time: '14:00', spoken: 'tomorrow at 2 p.m.' },
];

/** A dialogue driven from both sides; keeps the messages as a real one would. */
class Dialogue {
  readonly messages: ChatMessage[] = [
    { role: 'system', content: 'You are kind.\nOpening hours: Monday to Friday 9 a.m. to 5 p.m.' },
  ];
  readonly #tools: readonly string[];
  #calls = 0;

  constructor(offered: readonly string[] = tools) {
    this.#tools = offered;
  }

  /** The words said, and the calls as `name {arguments}`. */
  says(text: string): string {
    this.messages.push({ role: 'user', content: text });
    return this.#answer();
  }

  result(value: object | string): string {
    const content = typeof value === 'string' ? value : JSON.stringify(value);
    this.messages.push({ role: 'tool', content, tool_call_id: `c${this.#calls}` });
    return this.#answer();
  }

  #answer(): string {
    const { text, calls } = reply(this.messages, this.#tools);
    const toolCalls = calls.map((call) => ({
      id: `c${(this.#calls += 1)}`,
      function: { name: call.name, arguments: JSON.stringify(call.arguments) },
    }));
    this.messages.push({
      role: 'assistant',
      content: text,
      ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    });
    return [text, ...calls.map((call) => `${call.name} ${JSON.stringify(call.arguments)}`)]
      .filter((part) => part !== '')
      .join(' | ');
  }
}

test('books: day, slots, choice, name, confirmation, goodbye', () => {
  const talk = new Dialogue();
  assert.match(talk.says("i'd like to book an appointment"), /What day and time/);
  assert.equal(
    talk.says('tomorrow morning'),
    'get_available_slots {"date":"tomorrow","part_of_day":"morning"}',
  );
  assert.equal(
    talk.result({ slots, today: '2027-03-01' }),
    'I have tomorrow at 9 a.m., 10:30 a.m., or 2 p.m. Which one would you like?',
  );
  assert.match(talk.says('ten thirty please'), /What name/);
  assert.equal(
    talk.says('my name is anna miller'),
    'book_appointment {"slot_id":"bb22","name":"Anna Miller"}',
  );
  assert.equal(
    talk.result(
      '{"booked":{"spoken":"x"}} The caller has just been told: "You are booked." Do not repeat it.',
    ),
    'Is there anything else I can do for you?',
  );
  assert.equal(talk.says('no thank you goodbye'), 'Thank you for calling. Goodbye. | end_call {}');
});

test('everything in one sentence', () => {
  const talk = new Dialogue();
  assert.equal(
    talk.says('Hi, my name is Anna Miller, I would like an appointment tomorrow at 10:30 am.'),
    'get_available_slots {"date":"tomorrow","time":"10:30 am"}',
  );
  assert.match(
    talk.result({ slots: [slots[1]] }),
    /Yes, tomorrow at 10:30 a.m. is free. Shall I book that/,
  );
  assert.equal(talk.says('yes'), 'book_appointment {"slot_id":"bb22","name":"Anna Miller"}');
});

test('changes of mind are followed', () => {
  const talk = new Dialogue();
  talk.says('can i book an appointment for tuesday');
  talk.result({ slots });
  assert.equal(talk.says('no wednesday instead'), 'get_available_slots {"date":"wednesday"}');
  talk.result({ slots: slots.slice(0, 2) });
  assert.equal(
    talk.says('actually in the afternoon'),
    'get_available_slots {"date":"wednesday","part_of_day":"afternoon"}',
  );
});

const choices: readonly [said: string, slotId: string][] = [
  ['the first one', 'aa11'],
  ['the second one please', 'bb22'],
  ['the last one', 'cc33'],
  ['two', 'cc33'],
  ['at nine', 'aa11'],
  ["two o'clock works", 'cc33'],
  ['half past ten', 'bb22'],
  ['10:30', 'bb22'],
  ['tomorrow at two p.m.', 'cc33'],
];
for (const [said, slotId] of choices) {
  test(`"${said}" chooses ${slotId}`, () => {
    const talk = new Dialogue();
    talk.says('my name is anna miller and i want to book an appointment for tomorrow');
    talk.result({ slots });
    assert.equal(talk.says(said), `book_appointment {"slot_id":"${slotId}","name":"Anna Miller"}`);
  });
}

test('a name alone is a name when we have asked for one', () => {
  const talk = new Dialogue();
  talk.says('book an appointment tomorrow at nine');
  assert.match(talk.result({ slots: [slots[0]] }), /What name/);
  assert.equal(
    talk.says('anna miller'),
    'book_appointment {"slot_id":"aa11","name":"Anna Miller"}',
  );
});

test('a slot that was taken meanwhile is not claimed, and others are offered', () => {
  const talk = new Dialogue();
  talk.says('my name is anna miller i want to book an appointment tomorrow at nine');
  talk.result({ slots: [slots[0]] });
  talk.says('yes');
  assert.match(
    talk.result({ error: 'taken', hint: 'offer these', slots: slots.slice(1) }),
    /just been taken.*10:30 a.m., or .*2 p.m/,
  );
  assert.equal(
    talk.says('the first one'),
    'book_appointment {"slot_id":"bb22","name":"Anna Miller"}',
  );
});

test('cancels and moves only with a name and the day', () => {
  const talk = new Dialogue();
  assert.match(talk.says('i need to cancel my appointment'), /What name/);
  assert.match(talk.says('anna miller'), /what day/);
  assert.equal(
    talk.says('on tuesday'),
    'cancel_appointment {"name":"Anna Miller","appointment_date":"tuesday"}',
  );
  assert.match(talk.result({ error: 'appointment_unknown', hint: '' }), /cannot find/);

  const move = new Dialogue();
  move.says('i want to move my appointment');
  move.says('my name is anna miller');
  assert.match(move.says('tuesday'), /when would you like to come/);
  assert.equal(
    move.says('on wednesday at two'),
    'get_available_slots {"date":"wednesday","time":"two"}',
  );
  assert.match(move.result({ slots }), /tomorrow at 2 p.m. is free. Shall I book that/);
  assert.equal(
    move.says('yes please'),
    'reschedule_appointment {"slot_id":"cc33","name":"Anna Miller","appointment_date":"tuesday"}',
  );
});

test('what was booked in this call is moved without proof', () => {
  const talk = new Dialogue();
  talk.says('my name is anna miller book an appointment tomorrow at nine');
  talk.result({ slots: [slots[0]] });
  talk.says('yes');
  talk.result({ booked: {} });
  assert.match(talk.says('can you move it'), /when would you like/);
  assert.equal(talk.says('at two p.m.'), 'get_available_slots {"time":"two p.m"}');
  talk.result({ slots: [slots[2]] });
  assert.equal(talk.says('yes'), 'reschedule_appointment {"slot_id":"cc33"}');
});

test('takes a message', () => {
  const talk = new Dialogue();
  assert.match(talk.says('can i leave a message'), /Who shall I say/);
  assert.match(talk.says('this is john brown'), /pass on/);
  assert.equal(
    talk.says('please call me about the bill'),
    'take_message {"name":"John Brown","text":"please call me about the bill"}',
  );
  assert.match(talk.result('The message is stored.'), /pass that on/);
});

test('hours, people, robots and noise', () => {
  const talk = new Dialogue();
  assert.match(talk.says('when are you open'), /Monday to Friday 9 a.m. to 5 p.m/);
  assert.match(talk.says('are you a robot'), /virtual/);
  assert.match(talk.says('can i talk to a person'), /take a message/);
  assert.equal(
    new Dialogue([...tools, 'transfer_call']).says('can i talk to someone'),
    'transfer_call {}',
  );
  assert.match(new Dialogue().says('lorem ipsum'), /book, move or cancel/);
});

test('tools that are not offered are not used', () => {
  const talk = new Dialogue(['end_call']);
  assert.doesNotMatch(talk.says('book an appointment tomorrow'), /get_available_slots/);
  assert.match(new Dialogue([]).says('goodbye'), /^Thank you for calling. Goodbye.$/);
});

test('tells a caller when their appointment is, once they have proven to be them', () => {
  const talk = new Dialogue([...tools, 'recall_caller']);
  assert.match(talk.says('when is my appointment'), /What name is the appointment under/);
  assert.match(talk.says('Emily Johnson'), /what day/);
  assert.equal(
    talk.says('tomorrow'),
    'recall_caller {"name":"Emily Johnson","appointment_date":"tomorrow"}',
  );
  const found = { appointments: [{ spoken: 'tomorrow at 9 a.m.', name: 'Emily Johnson' }] };
  assert.match(talk.result(found), /^Your appointment is tomorrow at 9 a\.m\. Is there anything/);
});

test('a caller who proves nothing hears nothing', () => {
  const talk = new Dialogue([...tools, 'recall_caller']);
  talk.says('when is my appointment');
  talk.says('Emily Johnson');
  talk.says('tomorrow');
  assert.match(talk.result({ error: 'not_proven', hint: 'Ask.' }), /cannot find that appointment/);
});

test('answers about the business come from what it was told, or what it looks up', () => {
  const told = new Dialogue();
  told.messages[0] = {
    role: 'system',
    content: 'Be kind.\n\nWhat is known about the business:\nParking: Behind the house.\n\nMore.',
  };
  assert.match(told.says('is there parking'), /^Behind the house\. Is there anything/);
  const looking = new Dialogue([...tools, 'look_up']);
  assert.equal(looking.says('is there parking'), 'look_up {"question":"is there parking"}');
  assert.match(looking.result({ passages: [{ text: 'In the street' }] }), /^In the street\./);
  const other = new Dialogue([...tools, 'look_up']);
  other.says('how much is it');
  assert.match(other.result({ passages: [], hint: 'Nothing.' }), /I do not know that/);
});

const known: ChatMessage = {
  role: 'system',
  content:
    'Be kind.\n\nWhat is known about the business:\nAddress: 12 Harbor Street. Parking is free.\nPrices: A check-up costs $85. A cleaning costs $120.\n\nMore.',
};

test('of what is known it tells what answers the question, and says when it does not know', () => {
  const dialogue = new Dialogue();
  dialogue.messages[0] = known;
  assert.match(dialogue.says('How much is a cleaning?'), /^A cleaning costs \$120\. Is there/);
  assert.match(dialogue.says('Is there parking?'), /^Parking is free\. Is there/);
  assert.match(dialogue.says('Where are you?'), /^12 Harbor Street\. Is there/);
  assert.match(dialogue.says('Do you sell shoes?'), /^I am sorry, I do not know that/);
});

test('whoever wants us to wait is left alone, whoever gives up is not held', () => {
  const dialogue = new Dialogue();
  dialogue.says("I'd like to book an appointment");
  assert.equal(dialogue.says('Hold on a second.'), 'Of course, take your time.');
  assert.match(dialogue.says('Never mind.'), /^No problem\. Is there anything else/);
});

test('a name or a number that comes after the booking is put into it, and another booking is one more', () => {
  const dialogue = new Dialogue();
  dialogue.says('book me for tomorrow at 9');
  dialogue.result({ slots });
  dialogue.says('Anna Miler');
  dialogue.result({ booked: { spoken: 'tomorrow at 9 a.m.' } });
  assert.equal(
    dialogue.says("No, it's Anna Miller."),
    'book_appointment {"slot_id":"aa11","name":"Anna Miller"}',
  );
  dialogue.result({ booked: { spoken: 'tomorrow at 9 a.m.' } });
  const withNumber =
    'book_appointment {"slot_id":"aa11","name":"Anna Miller","phone":"617 555 0142"}';
  assert.equal(dialogue.says('My number is 617 555 0142.'), withNumber);
  dialogue.result({ error: 'needs_read_back' });
  assert.equal(dialogue.says('Yes.'), withNumber);
  dialogue.result({ booked: { spoken: 'tomorrow at 9 a.m.' } });
  assert.match(dialogue.says('book another appointment tomorrow at 2 p.m.'), /^get_available/);
  dialogue.result({ slots });
  assert.match(
    dialogue.says('yes please'),
    /book_appointment \{"slot_id":"cc33".*"additional":true/,
  );
});

test('the time that was asked for is found also beyond the first three', () => {
  const dialogue = new Dialogue();
  dialogue.says('tomorrow at 3 p.m.');
  const more = [
    ...slots,
    { slot_id: 'dd44', date: '2027-03-02', time: '15:00', spoken: 'tomorrow at 3 p.m.' },
  ];
  assert.match(dialogue.result({ slots: more }), /^Yes, tomorrow at 3 p\.m\. is free/);
});

test('a message that was offered is taken, with what was said already', () => {
  const dialogue = new Dialogue();
  dialogue.messages.push({
    role: 'assistant',
    content: 'Dr. Lee is away. Shall I take a message?',
  });
  assert.equal(dialogue.says('Yes please.'), 'Of course. Who shall I say called?');
  dialogue.says('Bob Jones');
  assert.match(
    dialogue.says('Please tell him to call me back.'),
    /^take_message .*tell him to call/,
  );
});

test('what was not heard is said again, and nobody is told that a person speaks', () => {
  const dialogue = new Dialogue();
  const asked = dialogue.says("I'd like to book an appointment");
  assert.equal(dialogue.says('Can you repeat that?'), asked);
  assert.match(dialogue.says("What's your name?"), /^I am a virtual receptionist/);
});

test('a caller whose number is not seen is asked for one, once', () => {
  const dialogue = new Dialogue();
  dialogue.messages[0] = { role: 'system', content: 'You do not see a number of the caller.' };
  dialogue.says('book me for tomorrow at 9');
  dialogue.result({ slots });
  assert.equal(dialogue.says('Anna Miller'), 'And what phone number can we reach you at?');
  assert.match(
    dialogue.says('I have none.'),
    /^book_appointment \{"slot_id":"aa11","name":"Anna Miller"\}/,
  );
});
