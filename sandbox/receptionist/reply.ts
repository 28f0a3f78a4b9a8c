// The rule-based receptionist: what to say or do next, from the messages alone. It keeps nothing between requests.

import { questions, read } from './dialogue.ts';
import type { ChatMessage, Question, Slot, State } from './dialogue.ts';
import { understand } from './understand.ts';
import type { Understood } from './understand.ts';

/** As much of a text as is read out. */
const ANSWER_MAX = 300;

export interface Reply {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: object }[];
}

/** Answers the conversation with the tools that are offered. Pure. */
export function reply(messages: readonly ChatMessage[], tools: readonly string[]): Reply {
  const state = read(messages);
  const last = messages.findLast(({ role }) => role === 'user' || role === 'tool');
  if (last?.role === 'tool') return afterTool(state, tools);
  if (!state.heard) return ask('help');
  return afterCaller(state, state.heard, messages, tools);
}

function afterCaller(
  state: State,
  heard: Understood,
  messages: readonly ChatMessage[],
  tools: readonly string[],
): Reply {
  if (heard.robot) {
    return say(
      'I am a virtual receptionist, and happy to help.',
      state.goal ? again(state) : 'help',
    );
  }
  if (heard.person) {
    return tools.includes('transfer_call')
      ? call('transfer_call', reasonOf(messages))
      : say('Nobody can come to the phone right now, but I can take a message.', 'message-name');
  }
  const before = messages.findLast(({ role, content }) => role === 'assistant' && content)?.content;
  if (heard.again && before) return { text: before, calls: [] };
  if (heard.waits) return { text: 'Of course, take your time.', calls: [] };
  if (heard.dropsIt) return say('No problem.', 'more-help');
  if (heard.rude)
    return say('I am sorry that this is going badly.', state.goal ? again(state) : 'help');
  if (state.lastResult?.value['error'] === 'needs_read_back' && heard.no && !heard.phone) {
    return { text: 'I am sorry. Please say it once more, digit by digit.', calls: [] };
  }
  const mended = corrected(state, heard);
  if (mended) return mended;
  if (heard.hours) return say(openingHours(messages), state.goal ? again(state) : 'more-help');
  if (heard.asks && !heard.book && !heard.recall) {
    const known = knownAbout(heard.text, messages);
    if (known !== undefined) return say(known, state.goal ? again(state) : 'more-help');
    if (tools.includes('look_up')) return call('look_up', { question: heard.text });
    if (!heard.day && !heard.time) {
      return say(
        'I am sorry, I do not know that, but I can take a message.',
        state.goal ? again(state) : 'more-help',
      );
    }
  }
  const done = state.asked === 'more-help' || state.goal === undefined;
  if (heard.bye || (heard.no && done && state.asked === 'more-help')) {
    return goodbye(messages, tools);
  }
  const unseen = systemOf(messages).includes('do not see a number');
  const needsNumber = unseen && state.phone === undefined && !state.askedPhone;
  switch (state.goal) {
    case 'book':
      return book(state, tools, needsNumber);
    case 'cancel':
    case 'move':
      return change(state, state.goal, tools);
    case 'recall':
      return recall(state, tools);
    case 'message':
      return message(state, needsNumber);
    case undefined:
      if (/\b(thanks|thank you)\b/.test(heard.text)) return say('You are welcome.', 'more-help');
      return heard.yes && state.asked === 'more-help' ? say('Of course.', 'help') : ask('help');
  }
}

/** The name of what was booked was misheard, or a number comes after it. */
function corrected(state: State, heard: Understood): Reply | undefined {
  const { bookedSlot, goal, name } = state;
  if (goal !== undefined || bookedSlot === undefined || name === undefined) return undefined;
  const confirms = state.lastResult?.value['error'] === 'needs_read_back' && heard.yes;
  if (heard.name === undefined && heard.phone === undefined && !confirms) return undefined;
  return call('book_appointment', { slot_id: bookedSlot, name, ...phoneOf(state) });
}

/** What the caller wanted before they asked for a person. */
function reasonOf(messages: readonly ChatMessage[]): object {
  const wish = messages.find(({ role, content }) => {
    const heard = role === 'user' && understand(content ?? '');
    return heard && !heard.person && heard.text.split(' ').length > 2;
  });
  return wish ? { reason: wish.content } : {};
}

function again(state: State): Question {
  return state.asked ?? 'help';
}

function book(state: State, tools: readonly string[], needsNumber: boolean): Reply {
  if (!tools.includes('get_available_slots')) {
    return say('I cannot book appointments here, but I can take a message.', 'message-name');
  }
  if (state.chosen) {
    if (state.name === undefined) return ask('name');
    if (needsNumber) return ask('phone');
    const { slot_id } = state.chosen;
    const more = { ...phoneOf(state), ...(state.booked ? { additional: true } : {}) };
    return call('book_appointment', { slot_id, name: state.name, ...more });
  }
  return find(state);
}

function find(state: State): Reply {
  if (
    state.changed ||
    /soon|earliest|first available|next available/.test(state.heard?.text ?? '')
  ) {
    return call('get_available_slots', wish(state));
  }
  if (state.offered && state.slots.length > 0) {
    return say(`I have ${sentence(listed(state.slots))}`, 'slot');
  }
  return say('Certainly.', 'day');
}

function wish({ day, time, part }: State): object {
  return {
    ...(day === undefined ? {} : { date: day }),
    ...(time === undefined ? {} : { time }),
    ...(part === undefined ? {} : { part_of_day: part }),
  };
}

function change(state: State, goal: 'cancel' | 'move', tools: readonly string[]): Reply {
  const tool = goal === 'cancel' ? 'cancel_appointment' : 'reschedule_appointment';
  if (!tools.includes(tool)) return say('I cannot do that here.', 'message-name');
  // What was booked in this call needs no proof.
  const proof = state.booked ? {} : { name: state.name, appointment_date: state.oldDay };
  if (!state.booked) {
    if (state.name === undefined) return ask('old-name');
    if (state.oldDay === undefined) return ask('old-day');
  }
  if (goal === 'cancel') return call(tool, proof);
  if (state.chosen) return call(tool, { slot_id: state.chosen.slot_id, ...proof });
  if (state.changed || state.offered) return find(state);
  return say('And when would you like to come instead?', 'day');
}

function recall(state: State, tools: readonly string[]): Reply {
  if (!tools.includes('recall_caller')) return say('I cannot look that up.', 'message-name');
  // What was booked in this call needs no proof.
  if (state.booked) return call('recall_caller', {});
  if (state.name === undefined) return ask('old-name');
  if (state.oldDay === undefined) return ask('old-day');
  return call('recall_caller', { name: state.name, appointment_date: state.oldDay });
}

function message(state: State, needsNumber: boolean): Reply {
  if (state.name === undefined) return say('Of course.', 'message-name');
  if (state.messageText === undefined) return ask('message-text');
  if (needsNumber) return ask('phone');
  return call('take_message', { name: state.name, text: state.messageText, ...phoneOf(state) });
}

function phoneOf({ phone }: State): object {
  return phone === undefined ? {} : { phone };
}

function afterTool(state: State, tools: readonly string[]): Reply {
  const { tool, value } = state.lastResult ?? { tool: '', value: {} };
  const error = typeof value['error'] === 'string' ? value['error'] : undefined;
  if (tool === 'end_call' || tool === 'transfer_call') return { text: 'Goodbye.', calls: [] };
  if (tool === 'get_available_slots' || error === 'taken' || error === 'not_offered') {
    return offer(state, value, error);
  }
  if (tool === 'look_up') return found(value);
  if (tool === 'recall_caller') return recalled(value);
  if (error?.startsWith('appointment_')) return unproven(error, state, tools);
  if (error !== undefined) return say('I am sorry, that did not work.', 'more-help');
  if (tool === 'take_message') return say('Thank you, I will pass that on.', 'more-help');
  return ask('more-help');
}

function offer(state: State, value: Record<string, unknown>, error: string | undefined): Reply {
  const note = typeof value['note'] === 'string' ? `${reasonIn(value['note'])} ` : '';
  const sorry = error === 'taken' ? 'I am sorry, that time has just been taken. ' : '';
  if (error === 'date_unclear') return say('I am sorry, I did not get the day.', 'day');
  if (state.slots.length === 0) {
    return say(`${sorry}${note}I am sorry, I have nothing then.`, 'day');
  }
  if (state.chosen && !error) {
    return state.goal === 'move'
      ? say(`${state.chosen.spoken} is free.`, 'confirm')
      : say(`Yes, ${state.chosen.spoken} is free.`, state.name === undefined ? 'name' : 'confirm');
  }
  const few = state.slots.length === 1;
  const next = note === '' ? 'I have' : few ? 'The next free time is' : 'The next free times are';
  return say(`${sorry}${note}${next} ${sentence(listed(state.slots))}`, few ? 'confirm' : 'slot');
}

/** A note is written for a model that finds its own words. */
function reasonIn(note: string): string {
  return note
    .replace(/ ?These are the next free ones\.$/, '')
    .replace(
      /^The time asked for is not free; these are the nearest\.$/,
      'I am sorry, that time is not free.',
    )
    .replace(
      /^The business is closed at the time asked for; these are the nearest\.$/,
      'We are closed at that time.',
    )
    .replace(/^Closed on ([^(.]+?)(?: \([^)]*\))?\.$/, 'We are closed on $1.');
}

function found(value: Record<string, unknown>): Reply {
  const [passage] = (value['passages'] ?? []) as { text?: string }[];
  if (passage?.text === undefined) return say('I am sorry, I do not know that.', 'more-help');
  return say(sentence(passage.text.slice(0, ANSWER_MAX)), 'more-help');
}

function recalled(value: Record<string, unknown>): Reply {
  const [appointment] = (value['appointments'] ?? []) as { spoken?: string }[];
  if (appointment?.spoken === undefined) {
    return say('I am sorry, I cannot find that appointment.', 'more-help');
  }
  return say(`Your appointment is ${sentence(appointment.spoken)}`, 'more-help');
}

/** What is asked about, and the words by which a text shows that it answers that. */
const topics: readonly (readonly [question: RegExp, answer: RegExp])[] = [
  [/how much|cost|price|charge|fee/, /\$|€|£|price|costs?\b|fee/i],
  [/where|address|located|directions/, /address|street|road|avenue|suite/i],
  [/park/, /park/i],
  [/insurance/, /insurance/i],
  [/pay|cards?\b/, /visa|mastercard|cards?\b|cash|pay/i],
  [/how long/, /\d min|takes \d|hours? long/i],
  [/services|offer/, /price|service|cost/i],
];
const common = new Set(
  'what where when how much long does have your that this there take with located do you'.split(
    ' ',
  ),
);

/** The sentences of what the instructions tell about the business that answer the question. */
function knownAbout(question: string, messages: readonly ChatMessage[]): string | undefined {
  const lines = systemOf(messages)
    .split('What is known about the business:\n')[1]
    ?.split('\n\n')[0]
    ?.split('\n');
  const words = question.split(' ').filter((word) => word.length > 3 && !common.has(word));
  const wanted = topics.filter(([asked]) => asked.test(question)).map(([, answer]) => answer);
  const score = (text: string) =>
    words.filter((word) => text.toLowerCase().includes(word.slice(0, 6))).length +
    wanted.filter((answer) => answer.test(text)).length;
  const best = lines?.toSorted((one, other) => score(other) - score(one))[0];
  if (best === undefined || score(best) === 0) return undefined;
  const told = best.replace(/^[^:]+: /, '').split(/(?<=[.!?]) (?=[A-Z])/);
  const most = Math.max(...told.map(score));
  const fitting = told.filter((each) => score(each) === most);
  return sentence(fitting.join(' ').slice(0, ANSWER_MAX));
}

function unproven(error: string, state: State, tools: readonly string[]): Reply {
  if (error === 'appointment_blocked' && tools.includes('take_message')) {
    return say('I am sorry, I cannot find it. I can take a message instead.', 'message-name');
  }
  if (error === 'appointment_several') return say('There is more than one that day.', 'old-day');
  const missing = state.name === undefined ? 'old-name' : 'old-day';
  return say('I am sorry, I cannot find that appointment.', missing);
}

/** "tomorrow at 9 a.m., 9:30 a.m., or 10 a.m.": a day that was named is not named again. */
function listed(slots: readonly Slot[]): string {
  const spoken = slots.map((slot, index) => {
    const before = slots[index - 1];
    return before?.date === slot.date ? slot.spoken.replace(/^.* at /, '') : slot.spoken;
  });
  if (spoken.length < 2) return spoken.join('');
  return `${spoken.slice(0, -1).join(', ')}, or ${spoken.at(-1)}`;
}

/** With the full stop that "a.m." brings along already. */
function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

function openingHours(messages: readonly ChatMessage[]): string {
  const hours = /^Opening hours: (.*)$/m.exec(systemOf(messages))?.[1];
  return hours ? `We are open ${hours}` : 'I do not know our opening hours, I am sorry.';
}

function goodbye(messages: readonly ChatMessage[], tools: readonly string[]): Reply {
  const calls = tools.includes('end_call') ? [{ name: 'end_call', arguments: {} }] : [];
  const weCall = systemOf(messages).includes('You are calling somebody');
  return { text: `Thank you for ${weCall ? 'your time' : 'calling'}. Goodbye.`, calls };
}

function systemOf(messages: readonly ChatMessage[]): string {
  return messages.find(({ role }) => role === 'system')?.content ?? '';
}

function ask(question: Question): Reply {
  return { text: questions[question], calls: [] };
}

function say(text: string, question: Question): Reply {
  return { text: `${text} ${questions[question]}`, calls: [] };
}

function call(name: string, args: object): Reply {
  return { text: '', calls: [{ name, arguments: args }] };
}
