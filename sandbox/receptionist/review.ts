// The rule-based receptionist writes up a call: from the record it is shown, by the books first and the words second.

import type { ChatMessage } from './dialogue.ts';
import type { Reply } from './reply.ts';
import { understand } from './understand.ts';

/** The tool that a call is recorded with. */
export const REVIEW_TOOL = 'record_review';

interface CallRecord {
  readonly outcome?: string | null;
  readonly seconds?: number;
  readonly appointments?: readonly { readonly name: string; readonly starts: string }[];
  readonly messages?: readonly { readonly name: string; readonly text: string }[];
  readonly said?: readonly { readonly who: string; readonly text: string }[];
}

/** A field the owner asks for: JSON Schema, a value or null. */
interface Field {
  readonly anyOf?: readonly { readonly type?: string }[];
}

export interface ReviewParameters {
  readonly properties?: {
    readonly fields?: { readonly properties?: Readonly<Record<string, Field>> };
  };
}

const did: Readonly<Record<string, string>> = {
  booked: 'booked an appointment',
  rescheduled: 'moved an appointment',
  cancelled: 'cancelled an appointment',
  message: 'left a message',
  transferred: 'was put through to a person',
};

/** Fills in the tool's arguments. Pure. */
export function reviewReply(messages: readonly ChatMessage[], parameters: ReviewParameters): Reply {
  const record = recordIn(messages);
  const caller = (record.said ?? []).filter(({ who }) => who === 'caller').map(({ text }) => text);
  const words = caller.join(' ');
  const name =
    record.appointments?.[0]?.name ??
    record.messages?.[0]?.name ??
    caller.map((text) => understand(text).name).find((each) => each !== undefined);
  const deed = did[record.outcome ?? ''];
  const who = name ?? 'A caller';
  const summary =
    deed === undefined
      ? `${who} called and said: ${words.slice(0, 200)}`
      : `${who} called and ${deed}.`;
  const message = record.messages?.[0];
  const args = {
    summary,
    outcome: deed === undefined ? 'answered' : record.outcome,
    resolved: deed === undefined ? 'partly' : 'yes',
    follow_up: message !== undefined,
    follow_up_reason: message === undefined ? '' : `Answer the message of ${message.name}.`,
    fields: Object.fromEntries(
      Object.entries(parameters.properties?.fields?.properties ?? {}).map(([field, schema]) => [
        field,
        valueOf(field, schema, words, name),
      ]),
    ),
  };
  return { text: '', calls: [{ name: REVIEW_TOOL, arguments: args }] };
}

/** A value that the words plainly hold, by the field's type and name; null otherwise. */
function valueOf(field: string, schema: Field, words: string, name: string | undefined) {
  const type = schema.anyOf?.find((each) => each.type !== 'null')?.type;
  if (type === 'number') {
    const number = /\d+(?:\.\d+)?/.exec(words)?.[0];
    return number === undefined ? null : Number(number);
  }
  if (type === 'boolean') {
    const about = field
      .split('_')
      .some((word) => word.length > 3 && words.toLowerCase().includes(word));
    return about ? true : null;
  }
  if (/name/.test(field)) return name ?? null;
  if (/mail/.test(field)) return /[\w.+-]+@[\w-]+\.[\w.]+/.exec(words)?.[0] ?? null;
  if (/phone|number/.test(field)) return /\+?\d[\d -]{6,}\d/.exec(words)?.[0] ?? null;
  return null;
}

function recordIn(messages: readonly ChatMessage[]): CallRecord {
  const text = messages.find(({ role }) => role === 'user')?.content ?? '';
  try {
    return JSON.parse(text) as CallRecord;
  } catch {
    return {};
  }
}
