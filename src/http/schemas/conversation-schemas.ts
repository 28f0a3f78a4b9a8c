// What a conversation is over the wire: in a list, and in full.

import { Type } from 'typebox';
import { Id, nullable, optional, PhoneNumber, Timestamp } from './schemas.ts';

export const outcomes = [
  'booked',
  'rescheduled',
  'cancelled',
  'message',
  'transferred',
  'missed',
  'left_message',
  'machine',
  'answered',
  'abandoned',
  'no_credit',
  'failed',
];
export const channels = ['phone', 'browser', 'chat'];

const Utterance = Type.Object({
  role: Type.String({ enum: ['user', 'assistant'] }),
  content: Type.String({ description: 'As it was heard.' }),
  timestamp: Timestamp,
  interrupted: Type.Boolean(),
  unheard: nullable(
    Type.String({
      description:
        'What we were about to say when we were interrupted, and nobody heard; up to 2,000 characters.',
    }),
  ),
  turn: Type.Integer(),
});

/** The only sign that a visitor has left a chat: it takes half an hour of silence to be over. */
export const QuietSince = Type.String({
  format: 'date-time',
  description:
    'Of a chat that is not over: when it was last answered. Null while it is being answered, and of calls.',
  examples: ['2026-02-06T10:02:00.000Z'],
});

const fields = {
  id: Id,
  client_id: Id,
  contact_id: nullable(Id),
  duration: Type.Integer({ description: 'Seconds.' }),
  created_at: Timestamp,
  contact_name: nullable(Type.String()),
  caller_phone: nullable(PhoneNumber),
  channel: Type.String({ enum: channels }),
  direction: Type.String({
    enum: ['inbound', 'outbound'],
    description: 'Who called: outbound are calls that the client made, to caller_phone.',
  }),
  started_at: Timestamp,
  ended_at: nullable(Timestamp),
  end_reason: nullable(Type.String()),
  outcome: nullable(
    Type.String({
      enum: outcomes,
      description:
        'missed: the caller wanted to speak to a person, reached nobody and left no message; abandoned: they hung up before anything was answered. Of calls that the client made, left_message: a machine got our message to its last word; machine: a mailbox or the like answered and has no message, or not all of it.',
    }),
  ),
  quiet_since: nullable(QuietSince),
  flags: Type.Array(Type.String({ description: 'Something to look at, such as unbacked_claim.' })),
  summary: Type.String({ description: 'Made after the call; empty before, or without one.' }),
  resolved: nullable(
    Type.String({
      enum: ['yes', 'partly', 'no'],
      description: 'Whether the caller got what they called for.',
    }),
  ),
  follow_up: Type.Boolean({ description: 'Whether somebody still has to act.' }),
  cost_microdollars: Type.Integer({
    description: 'What vendors charged, in millionths of a dollar; 0 until it is over.',
  }),
  transcript: Type.Array(Utterance),
};
export type Field = keyof typeof fields;
export const fieldNames = Object.keys(fields) as Field[];

const example = {
  id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5c',
  client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
  contact_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5b',
  duration: 120,
  created_at: '2026-02-06T10:00:00.000Z',
  transcript: [
    {
      role: 'assistant',
      content: "Hi, I'm Front Desk...",
      timestamp: '2026-02-06T10:00:10.000Z',
      interrupted: false,
      unheard: null,
      turn: 0,
    },
  ],
};
export const Listed = Type.Partial(Type.Object(fields), {
  description: 'All fields, or those that were asked for.',
  examples: [example],
});

const milliseconds = nullable(Type.Number());
const Turn = Type.Object({
  number: Type.Integer(),
  kind: Type.String(),
  ending: Type.String({ enum: ['completed', 'interrupted', 'failed'] }),
  response_ms: milliseconds,
  endpoint_ms: milliseconds,
  hear_ms: milliseconds,
  think_ms: milliseconds,
  speak_ms: milliseconds,
  play_ms: milliseconds,
  input_tokens: Type.Integer(),
  output_tokens: Type.Integer(),
  wasted_input_tokens: Type.Integer({
    description:
      'Beyond these, for replies that were begun before the caller was done, and thrown away.',
  }),
  wasted_output_tokens: Type.Integer(),
  characters: Type.Integer({ description: 'Given to the voice.' }),
  unheard: nullable(
    Type.String({ description: 'Of that, what was not heard; also where nothing was.' }),
  ),
  cost_microdollars: Type.Integer(),
  tools: Type.Array(
    Type.Object({
      id: optional(Type.String({ description: 'Of this run; older ones have none.' })),
      name: Type.String(),
      arguments: Type.String(),
      result: Type.String(),
      elapsed_ms: Type.Number(),
      failed: Type.Boolean(),
    }),
  ),
  created_at: Timestamp,
});
const PutThrough = Type.Object({
  at: Timestamp,
  over_at: nullable(Timestamp),
  name: Type.String({ description: 'Empty for the fallback number.', examples: ['Dr. Ruiz'] }),
  phone_number: Type.String({ examples: ['+12025550123'] }),
  mode: Type.String({ enum: ['warm', 'cold'] }),
  reason: Type.String(),
  state: Type.String({
    enum: ['dialling', 'accepted', 'declined', 'unanswered', 'failed', 'abandoned', 'untold'],
    description: '`untold`: the carrier has not told whether anybody answered.',
  }),
});

export const Detailed = Type.Object(
  {
    ...fields,
    recording_started_at: nullable(
      Type.String({
        format: 'date-time',
        description: 'When the recording that is kept begins; null when there is none.',
      }),
    ),
    recorded_until: nullable(
      Type.String({
        format: 'date-time',
        description: 'When it is deleted; with the conversation at the latest.',
      }),
    ),
    follow_up_reason: Type.String(),
    extracted: Type.Record(
      Type.String(),
      nullable(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
      { description: "The owner's own fields; null where the call does not say." },
    ),
    review_state: nullable(
      Type.String({
        enum: ['due', 'done', 'skipped', 'failed'],
        description: 'Of the summary and what belongs to it; null while the call runs.',
      }),
    ),
    put_through: Type.Array(PutThrough, {
      description: 'To whom the caller was put through, in order, and what came of it.',
    }),
    turns: Type.Array(Turn, { description: 'With times as the caller had them.' }),
    cost: Type.Object({
      billed_seconds: Type.Integer(),
      input_tokens: Type.Integer(),
      output_tokens: Type.Integer(),
      characters: Type.Integer(),
      cost_microdollars: Type.Integer(),
    }),
  },
  { examples: [{ ...example, turns: [] }] },
);
