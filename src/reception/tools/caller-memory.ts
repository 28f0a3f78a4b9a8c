// What is known of a caller, told only to one who has proven to be them: by a name and a date, or by a code sent to their number.

import { randomInt, timingSafeEqual } from 'node:crypto';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { CallerIdentity } from '../../calendar/caller-identity.ts';
import { parseDays } from '../../calendar/wording/day-words.ts';
import { localDate } from '../../calendar/hours.ts';
import { spokenMoment } from '../../calendar/wording/spoken-time.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Tool, ToolResult } from '../../pipeline/types.ts';
import type { Booking } from '../../store/calendar/bookings.ts';
import { listLastCalls } from '../../store/calls/caller-memory.ts';
import { enqueueSms } from '../../store/service/outbox.ts';
import type { Sql } from '../../store/database/sql.ts';

/** Calls that are remembered. */
const CALLS_MAX = 3;
/** Appointments that are read out. */
const APPOINTMENTS_MAX = 5;
/** Codes sent in one call, and tries at each. */
const CODES_MAX = 2;
const TRIES_MAX = 3;
const CODE_MS = 300_000;

export interface CallerMemoryParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly clientId: string;
  readonly businessName: string;
  readonly callId: string;
  /** E.164; undefined when withheld. Never proof of who is calling. */
  readonly callerPhone: string | undefined;
  readonly identity: CallerIdentity;
  /** IANA */
  readonly zone: string;
  /** BCP 47 */
  readonly language: string;
  /** Whether callers are sent text messages. */
  readonly maySendCodes: boolean;
}

const recallParameters = Type.Object(
  {
    name: Type.Optional(
      Type.String({ maxLength: 200, description: "The caller's name as the caller gave it." }),
    ),
    appointment_date: Type.Optional(
      Type.String({
        maxLength: 80,
        description: 'The day of the appointment, as the caller said it or as YYYY-MM-DD.',
      }),
    ),
  },
  { additionalProperties: false },
);
const codeParameters = Type.Object(
  { code: Type.String({ maxLength: 40, description: 'The digits as the caller said them.' }) },
  { additionalProperties: false },
);
const none = Type.Object({}, { additionalProperties: false });

/** Tools that tell a caller about themselves. Before any proof they tell nothing, not even whether there is something. */
export function callerMemoryTools(parts: CallerMemoryParts): readonly Tool[] {
  const codes = new Codes(parts);
  const tools: Tool[] = [
    {
      name: 'recall_caller',
      description:
        "Tells when the caller's appointment is, and what their last calls were about. Use it only when the caller asks. It wants proof: the name and the day of the appointment, or a code that was texted to them. The number they call from proves nothing.",
      parameters: recallParameters,
      run: (given, { signal }) => recall(given as Static<typeof recallParameters>, signal),
    },
  ];
  if (!parts.maySendCodes || parts.callerPhone === undefined) return tools;
  return [
    ...tools,
    {
      name: 'text_code',
      description:
        'Texts a code to the number that is calling, for a caller who does not know the day of their appointment. Ask the caller to read it out, then use check_code.',
      parameters: none,
      run: () => codes.send(),
    },
    {
      name: 'check_code',
      description: 'Checks the code that the caller has read out.',
      parameters: codeParameters,
      run: (given) => Promise.resolve(codes.check((given as Static<typeof codeParameters>).code)),
    },
  ];

  async function recall(
    { name, appointment_date: day }: Static<typeof recallParameters>,
    signal: AbortSignal,
  ): Promise<ToolResult> {
    const { identity, clock, zone } = parts;
    const days = day === undefined ? undefined : parseDays(day, localDate(zone, clock.now()));
    const date = days && days.first === days.last ? days.first : undefined;
    const claim = { name, date, near: [] };
    const known = await identity.identify(claim, zone, signal);
    if (identity.proven) return tell(await identity.bookingsOfNumber(signal));
    if (known.status === 'found') return tell([known.booking]);
    return refuse(
      known.status === 'blocked'
        ? 'Too many wrong tries. Nothing can be told in this call. Offer to take a message.'
        : 'Nothing can be told without proof. Ask for the name and the day of the appointment; do not say which of them is missing or wrong.',
    );
  }

  /** Calls of the number are told only where an appointment stood under it before: anybody can book in this very call. */
  async function tell(bookings: readonly Booking[]): Promise<ToolResult> {
    const { sql, clock, clientId, callId, callerPhone, zone, language, identity } = parts;
    const moment = (ms: number) => spokenMoment(ms, { zone, language, nowMs: clock.now() });
    const theirs =
      identity.proven ||
      bookings.some((each) => each.phone === callerPhone && each.conversationId !== callId);
    const calls =
      callerPhone !== undefined && theirs
        ? await listLastCalls(sql, {
            clientId,
            phone: callerPhone,
            exceptId: callId,
            limit: CALLS_MAX,
          })
        : [];
    const told = {
      appointments: bookings
        .slice(0, APPOINTMENTS_MAX)
        .map(({ startMs, name, reason, status }) => ({
          spoken: moment(startMs),
          name,
          ...(reason !== '' && { reason }),
          ...(status === 'held' && {
            certain: false,
            hint: 'Noted only: a message will confirm it.',
          }),
        })),
      last_calls: calls.map(({ at, outcome, summary }) => ({
        spoken: moment(at.getTime()),
        outcome,
        summary,
      })),
    };
    return { text: JSON.stringify(told) };
  }
}

/** The codes of one call. */
class Codes {
  readonly #parts: CallerMemoryParts;
  #sent = 0;
  #code = '';
  #untilMs = 0;
  #tries = 0;

  constructor(parts: CallerMemoryParts) {
    this.#parts = parts;
  }

  async send(): Promise<ToolResult> {
    const { sql, clock, clientId, callId, callerPhone, businessName } = this.#parts;
    if (callerPhone === undefined || this.#sent >= CODES_MAX) {
      return refuse('No more codes in this call. Ask for the name and the day instead.');
    }
    this.#sent += 1;
    this.#code = String(randomInt(0, 1_000_000)).padStart(6, '0');
    this.#untilMs = clock.elapsed() + CODE_MS;
    this.#tries = 0;
    await enqueueSms(sql, {
      clientId,
      to: callerPhone,
      body: `${businessName}: your code is ${this.#code}. Read it out only if you are on the phone with us now.`,
      event: 'caller.code',
      dedupeKey: `code:${callId}:${this.#sent}`,
    });
    return {
      text: JSON.stringify({ sent: true, hint: 'Ask the caller to read out the six digits.' }),
    };
  }

  check(spoken: string): ToolResult {
    const { clock, identity } = this.#parts;
    const digits = spoken.replaceAll(/\D/g, '');
    if (this.#code === '' || clock.elapsed() > this.#untilMs || this.#tries >= TRIES_MAX) {
      return refuse('There is no code to check. Text a new one, or take a message.');
    }
    this.#tries += 1;
    const right =
      digits.length === this.#code.length &&
      timingSafeEqual(Buffer.from(digits), Buffer.from(this.#code));
    if (!right) return refuse('The code is wrong. Ask for it once more.');
    this.#code = '';
    identity.prove();
    return {
      text: JSON.stringify({
        proven: true,
        hint: 'What stands under this number may be told and changed now.',
      }),
    };
  }
}

function refuse(hint: string): ToolResult {
  return { text: JSON.stringify({ error: 'not_proven', hint }) };
}
