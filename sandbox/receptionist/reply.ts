// The rule-based receptionist: what to say or do next, from the messages alone. It keeps nothing between requests.

import { bareName, understand } from './understand.ts';
import type { Understood } from './understand.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content?: string | null;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

export interface Reply {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: object }[];
}

interface Slot {
  readonly slot_id: string;
  readonly time: string;
  readonly date: string;
  readonly spoken: string;
}

type Goal = 'book' | 'cancel' | 'move' | 'message';

/** What the conversation has come to. */
interface State {
  goal: Goal | undefined;
  day: string | undefined;
  time: string | undefined;
  minutes: readonly number[];
  part: Understood['part'];
  /** Something new was wished for since slots were last looked up. */
  changed: boolean;
  slots: readonly Slot[];
  offered: boolean;
  chosen: Slot | undefined;
  name: string | undefined;
  /** Of the appointment that is to be moved or cancelled. */
  oldDay: string | undefined;
  known: boolean;
  booked: boolean;
  asked: Question | undefined;
  messageText: string | undefined;
  heard: Understood | undefined;
  lastResult: { readonly tool: string; readonly value: Record<string, unknown> } | undefined;
}

const questions = {
  'more-help': 'Is there anything else I can do for you?',
  day: 'What day and time would you like?',
  slot: 'Which one would you like?',
  confirm: 'Shall I book that for you?',
  name: 'What name shall I put it under?',
  'old-name': 'What name is the appointment under?',
  'old-day': 'And what day is that appointment?',
  'message-name': 'Of course. Who shall I say called?',
  'message-text': 'And what would you like me to pass on?',
  help: 'I can book, move or cancel an appointment, or take a message. What would you like?',
} as const;
type Question = keyof typeof questions;

/** Answers the conversation with the tools that are offered. Pure. */
export function reply(messages: readonly ChatMessage[], tools: readonly string[]): Reply {
  const state = read(messages);
  const last = messages.findLast(({ role }) => role === 'user' || role === 'tool');
  if (last?.role === 'tool') return afterTool(state, tools);
  if (!state.heard) return ask('help');
  return afterCaller(state, state.heard, messages, tools);
}

function read(messages: readonly ChatMessage[]): State {
  const state: State = {
    goal: undefined,
    day: undefined,
    time: undefined,
    minutes: [],
    part: undefined,
    changed: false,
    slots: [],
    offered: false,
    chosen: undefined,
    name: undefined,
    oldDay: undefined,
    known: false,
    booked: false,
    asked: undefined,
    messageText: undefined,
    heard: undefined,
    lastResult: undefined,
  };
  const toolNames = new Map<string, string>();
  for (const message of messages) {
    if (message.role === 'user') hear(state, message.content ?? '');
    else if (message.role === 'assistant') {
      for (const call of message.tool_calls ?? []) toolNames.set(call.id, call.function.name);
      const said = message.content ?? '';
      if (said !== '') state.asked = questionIn(said) ?? state.asked;
    } else if (message.role === 'tool') {
      learn(state, toolNames.get(message.tool_call_id ?? '') ?? '', message.content ?? '');
    }
  }
  return state;
}

function questionIn(said: string): Question | undefined {
  const found = (Object.keys(questions) as Question[]).filter((name) => {
    // An interrupted question was still asked: half of it is enough to know it by.
    const text = questions[name];
    return said.includes(text.slice(0, Math.ceil(text.length * 0.6)));
  });
  return found.at(-1);
}

function hear(state: State, said: string): void {
  const heard = understand(said);
  state.heard = heard;
  const goal = goalOf(heard, state);
  if (goal && goal !== state.goal)
    Object.assign(state, { goal, asked: undefined, known: state.booked });
  takeName(state, heard, said);
  if (state.goal === 'message' && state.asked === 'message-text') state.messageText = said;
  const aboutOld = (state.goal === 'cancel' || state.goal === 'move') && !state.known;
  if (aboutOld) {
    if (heard.day) state.oldDay = heard.day;
    return;
  }
  choose(state, heard);
}

function goalOf(heard: Understood, state: State): Goal | undefined {
  if (heard.cancel) return 'cancel';
  if (heard.move) return 'move';
  if (heard.message) return 'message';
  if (heard.book && state.goal !== 'move') return 'book';
  const named = heard.day !== undefined || heard.time !== undefined;
  return state.goal === undefined && named && !heard.hours ? 'book' : undefined;
}

function takeName(state: State, heard: Understood, said: string): void {
  const asked =
    state.asked === 'name' || state.asked === 'old-name' || state.asked === 'message-name';
  const name = heard.name ?? (asked ? bareName(said) : undefined);
  if (name !== undefined) state.name = name;
}

/** A wish for another day or time, or one of the slots we have offered. */
function choose(state: State, heard: Understood): void {
  const slot = state.offered ? pick(state, heard) : undefined;
  if (slot) {
    state.chosen = slot;
    return;
  }
  if (heard.day === undefined && heard.time === undefined && heard.part === undefined) {
    if (heard.no && state.asked === 'confirm') state.chosen = undefined;
    return;
  }
  if (heard.day !== undefined) {
    state.day = heard.day;
    state.part = undefined;
    if (heard.time === undefined) Object.assign(state, { time: undefined, minutes: [] });
  }
  if (heard.time !== undefined) Object.assign(state, { time: heard.time, minutes: heard.minutes });
  if (heard.part !== undefined) {
    state.part = heard.part;
    if (heard.time === undefined) Object.assign(state, { time: undefined, minutes: [] });
  }
  Object.assign(state, { changed: true, chosen: undefined, offered: false });
}

function pick(state: State, heard: Understood): Slot | undefined {
  const { slots } = state;
  const negated = heard.no && !heard.yes;
  if (heard.ordinal !== undefined) return slots.at(heard.ordinal);
  const fits = slots.filter(
    (slot) =>
      (heard.minutes.length === 0 || heard.minutes.includes(minutesOf(slot.time))) &&
      (heard.day === undefined || sameDay(slot, heard.day, state)),
  );
  const [only] = fits;
  if (heard.minutes.length > 0 && only && !negated) return only;
  if (heard.minutes.length > 0 || heard.day !== undefined) return undefined;
  if (heard.yes && slots.length > 0) return state.chosen ?? slots[0];
  return undefined;
}

function sameDay(slot: Slot, day: string, state: State): boolean {
  return day === state.day || slot.spoken.toLowerCase().includes(day.replace(/^(next|this) /, ''));
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function learn(state: State, tool: string, content: string): void {
  const value = parseResult(content);
  state.lastResult = { tool, value };
  if (Array.isArray(value['slots'])) {
    state.slots = (value['slots'] as Slot[]).slice(0, 3);
    Object.assign(state, { offered: true, changed: false, chosen: undefined });
    const exact = state.slots.find((slot) => state.minutes.includes(minutesOf(slot.time)));
    if (exact && value['note'] === undefined && value['error'] === undefined) state.chosen = exact;
  }
  if (value['booked'] !== undefined && value['error'] === undefined) finish(state);
  if (value['rescheduled'] !== undefined) finish(state);
  if (value['cancelled'] !== undefined)
    Object.assign(state, { goal: undefined, booked: false, known: false });
  if (tool === 'take_message' && value['error'] === undefined) state.goal = undefined;
}

function finish(state: State): void {
  Object.assign(state, {
    goal: undefined,
    booked: true,
    known: true,
    chosen: undefined,
    offered: false,
    changed: false,
    time: undefined,
    minutes: [],
    part: undefined,
    day: undefined,
  });
}

/** A result is JSON with, behind it, what the caller has been told. */
function parseResult(content: string): Record<string, unknown> {
  const end = content.lastIndexOf('}');
  try {
    const value: unknown = JSON.parse(content.slice(0, end + 1));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return content.startsWith('Error') ? { error: content } : {};
  }
}

function afterCaller(
  state: State,
  heard: Understood,
  messages: readonly ChatMessage[],
  tools: readonly string[],
): Reply {
  if (heard.robot) {
    return say(
      'I am an automated receptionist, and happy to help.',
      state.goal ? again(state) : 'help',
    );
  }
  if (heard.person) {
    return tools.includes('transfer_call')
      ? call('transfer_call', {})
      : say('Nobody can come to the phone right now, but I can take a message.', 'message-name');
  }
  if (heard.hours) return say(openingHours(messages), state.goal ? again(state) : 'more-help');
  const done = state.asked === 'more-help' || state.goal === undefined;
  if (heard.bye || (heard.no && done && state.asked === 'more-help')) return goodbye(tools);
  switch (state.goal) {
    case 'book':
      return book(state, tools);
    case 'cancel':
    case 'move':
      return change(state, state.goal, tools);
    case 'message':
      return message(state);
    case undefined:
      if (/\b(thanks|thank you)\b/.test(heard.text)) return say('You are welcome.', 'more-help');
      return heard.yes && state.asked === 'more-help' ? say('Of course.', 'help') : ask('help');
  }
}

function again(state: State): Question {
  return state.asked ?? 'help';
}

function book(state: State, tools: readonly string[]): Reply {
  if (!tools.includes('get_available_slots')) {
    return say('I cannot book appointments here, but I can take a message.', 'message-name');
  }
  if (state.chosen) {
    if (state.name === undefined) return ask('name');
    const { slot_id } = state.chosen;
    return call('book_appointment', { slot_id, name: state.name });
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

function message(state: State): Reply {
  if (state.name === undefined) return ask('message-name');
  if (state.messageText === undefined) return ask('message-text');
  return call('take_message', { name: state.name, text: state.messageText });
}

function afterTool(state: State, tools: readonly string[]): Reply {
  const { tool, value } = state.lastResult ?? { tool: '', value: {} };
  const error = typeof value['error'] === 'string' ? value['error'] : undefined;
  if (tool === 'end_call' || tool === 'transfer_call') return { text: 'Goodbye.', calls: [] };
  if (tool === 'get_available_slots' || error === 'taken' || error === 'not_offered') {
    return offer(state, value, error);
  }
  if (error?.startsWith('appointment_')) return unproven(error, state, tools);
  if (error !== undefined) return say('I am sorry, that did not work.', 'more-help');
  if (tool === 'take_message') return say('Thank you, I will pass that on.', 'more-help');
  return ask('more-help');
}

function offer(state: State, value: Record<string, unknown>, error: string | undefined): Reply {
  const note = typeof value['note'] === 'string' ? `${value['note']} ` : '';
  const sorry = error === 'taken' ? 'I am sorry, that time has just been taken. ' : '';
  if (state.slots.length === 0) {
    return say(`${sorry}${note}I am sorry, I have nothing then.`, 'day');
  }
  if (state.chosen && !error) {
    return state.goal === 'move'
      ? say(`${state.chosen.spoken} is free.`, 'confirm')
      : say(`Yes, ${state.chosen.spoken} is free.`, state.name === undefined ? 'name' : 'confirm');
  }
  const few = state.slots.length === 1;
  return say(`${sorry}${note}I have ${sentence(listed(state.slots))}`, few ? 'confirm' : 'slot');
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
  const system = messages.find(({ role }) => role === 'system')?.content ?? '';
  const hours = /^Opening hours: (.*)$/m.exec(system)?.[1];
  return hours ? `We are open ${hours}` : 'I do not know our opening hours, I am sorry.';
}

function goodbye(tools: readonly string[]): Reply {
  const calls = tools.includes('end_call') ? [{ name: 'end_call', arguments: {} }] : [];
  return { text: 'Thank you for calling. Goodbye.', calls };
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
