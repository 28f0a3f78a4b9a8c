// What a conversation has come to, read from its messages: what is wanted, what was offered, what was asked.

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

export interface Slot {
  readonly slot_id: string;
  readonly time: string;
  readonly date: string;
  readonly spoken: string;
}

type Goal = 'book' | 'cancel' | 'move' | 'message' | 'recall';

/** What the conversation has come to. */
export interface State {
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
  /** Of the appointment that was booked last in this conversation. */
  bookedSlot: string | undefined;
  name: string | undefined;
  /** Another number than the one they call from. */
  phone: string | undefined;
  /** Of the appointment that is to be moved or cancelled. */
  oldDay: string | undefined;
  known: boolean;
  booked: boolean;
  asked: Question | undefined;
  /** Once is enough: not everybody gives one. */
  askedPhone: boolean;
  /** We have said last that we can take one. */
  offersMessage: boolean;
  messageText: string | undefined;
  heard: Understood | undefined;
  lastResult: { readonly tool: string; readonly value: Record<string, unknown> } | undefined;
}

export const questions = {
  'more-help': 'Is there anything else I can do for you?',
  day: 'What day and time would you like?',
  slot: 'Which one would you like?',
  confirm: 'Shall I book that for you?',
  name: 'What name shall I put it under?',
  phone: 'And what phone number can we reach you at?',
  'old-name': 'What name is the appointment under?',
  'old-day': 'And what day is that appointment?',
  'message-name': 'Who shall I say called?',
  'message-text': 'And what would you like me to pass on?',
  help: 'I can book, move or cancel an appointment, or take a message. What would you like?',
} as const;
export type Question = keyof typeof questions;

export function read(messages: readonly ChatMessage[]): State {
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
    bookedSlot: undefined,
    name: undefined,
    phone: undefined,
    oldDay: undefined,
    known: false,
    booked: false,
    asked: undefined,
    askedPhone: false,
    offersMessage: false,
    messageText: undefined,
    heard: undefined,
    lastResult: undefined,
  };
  const toolNames = new Map<string, string>();
  const slotIds = new Map<string, string>();
  for (const message of messages) {
    if (message.role === 'user') hear(state, message.content ?? '');
    else if (message.role === 'assistant') {
      for (const call of message.tool_calls ?? []) {
        toolNames.set(call.id, call.function.name);
        const slotId = /"slot_id":"(\w+)"/.exec(call.function.arguments)?.[1];
        if (slotId !== undefined) slotIds.set(call.id, slotId);
      }
      const said = message.content ?? '';
      if (said === '') continue;
      state.asked = questionIn(said) ?? state.asked;
      state.askedPhone ||= state.asked === 'phone';
      state.offersMessage = /\btake a message\b/.test(said) && !said.includes(questions.help);
    } else if (message.role === 'tool') {
      const id = message.tool_call_id ?? '';
      learn(state, toolNames.get(id) ?? '', message.content ?? '');
      const { booked, error } = state.lastResult?.value ?? {};
      if (booked !== undefined && error === undefined) state.bookedSlot = slotIds.get(id);
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
  if (heard.dropsIt) Object.assign(state, { goal: undefined, chosen: undefined, offered: false });
  const goal = goalOf(heard, state);
  if (goal && goal !== state.goal)
    Object.assign(state, { goal, asked: undefined, known: state.booked });
  if (heard.phone !== undefined) state.phone = heard.phone;
  takeName(state, heard, said);
  const confirming = state.lastResult?.value['error'] === 'needs_read_back';
  if (
    state.goal === 'message' &&
    !confirming &&
    (state.asked === 'message-text' || tellsThem.test(heard.text))
  ) {
    state.messageText = said;
  }
  // Whoever was asked when they would like to come instead does not speak of the old day any more.
  const aboutNew = state.goal === 'move' && ['day', 'slot', 'confirm'].includes(state.asked ?? '');
  const aboutOld =
    ['cancel', 'move', 'recall'].includes(state.goal ?? '') && !state.known && !aboutNew;
  if (aboutOld) {
    if (heard.day) state.oldDay = heard.day;
    return;
  }
  choose(state, heard);
}

/** A message that comes with the wish to leave one. */
const tellsThem =
  /\b(tell (them|him|her)|call me back|it's about|i'm calling about|running late)\b/;

function goalOf(heard: Understood, state: State): Goal | undefined {
  if (state.goal === undefined && state.offersMessage && heard.yes) return 'message';
  if (heard.recall) return 'recall';
  if (heard.cancel) return 'cancel';
  if (heard.move) return 'move';
  if (heard.message) return 'message';
  if (heard.book && state.goal !== 'move') return 'book';
  // Offered to take one, and told who calls.
  const leaves = state.asked === 'message-name' && (heard.name ?? bareName(heard.text));
  if (state.goal === undefined && leaves) return 'message';
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
    const slots = value['slots'] as Slot[];
    const exact = slots.find((slot) => state.minutes.includes(minutesOf(slot.time)));
    state.slots = nearest(slots, state.minutes);
    Object.assign(state, { offered: true, changed: false, chosen: undefined });
    if (exact && value['note'] === undefined && value['error'] === undefined) state.chosen = exact;
  }
  if (value['booked'] !== undefined && value['error'] === undefined) finish(state);
  if (value['rescheduled'] !== undefined) finish(state);
  if (value['cancelled'] !== undefined)
    Object.assign(state, { goal: undefined, booked: false, known: false });
  if (tool === 'recall_caller' && value['error'] === undefined) state.goal = undefined;
  if (tool === 'take_message' && value['error'] === undefined) state.goal = undefined;
}

/** Three to offer, in their order: those next to the time that was asked for, or the first. */
function nearest(slots: readonly Slot[], minutes: readonly number[]): Slot[] {
  const away = ({ time }: Slot) =>
    Math.min(...minutes.map((each) => Math.abs(each - minutesOf(time))));
  const sorted = minutes.length > 0 ? slots.toSorted((a, b) => away(a) - away(b)) : slots;
  const chosen = new Set(sorted.slice(0, 3));
  return slots.filter((slot) => chosen.has(slot));
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
