// One call at the calendar's tools, by a caller whose model does as told, on a real Postgres.

import assert from 'node:assert/strict';
import { openBuiltInCalendar } from '../../../src/calendar/built-in.ts';
import { CallerIdentity } from '../../../src/calendar/caller-identity.ts';
import { SlotOffers } from '../../../src/calendar/slot-offers.ts';
import { calendarTools } from '../../../src/calendar/tools.ts';
import type { Calendar } from '../../../src/calendar/types.ts';
import { newToken } from '../../../src/lib/ids.ts';
import type { ToolResult } from '../../../src/pipeline/types.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { conversationOf } from './booking-client.ts';
import { VirtualClock } from '../clock.ts';

/** What a tool tells the model. */
interface Answer {
  readonly slots?: readonly { slot_id: string; date: string; time: string; spoken: string }[];
  readonly note?: string;
  readonly error?: string;
  readonly hint?: string;
  readonly today?: string;
  readonly booked?: { name: string; date: string; time: string };
}

/** The number that calls unless another is given. */
export const ANNA = '+12025550123';

/** A call to a client. The time is Monday, March 1, 2027, 10:00 in New York. */
export async function startCalendarCall(
  sql: Sql,
  clientId: string,
  {
    phone = ANNA,
    clock = new VirtualClock(),
    language = 'en-US',
    open = openBuiltInCalendar,
    wrap = (calendar: Calendar) => calendar,
  }: {
    /** Empty when withheld. */
    phone?: string;
    clock?: VirtualClock;
    language?: string;
    /** The calendar that is called about: the built-in one unless told. */
    open?: (parts: { sql: Sql; clock: VirtualClock }, clientId: string) => Promise<Calendar>;
    wrap?: (calendar: Calendar) => Calendar;
  } = {},
) {
  const conversationId = await conversationOf(sql, clientId);
  const calendar = wrap(await open({ sql, clock }, clientId));
  const callId = conversationId;
  const offers = new SlotOffers({ key: newToken(), callId, calendarId: calendar.id, clock });
  const tools = calendarTools({
    calendar,
    offers,
    clock,
    language,
    callerPhone: phone || undefined,
    conversationId,
    identity: new CallerIdentity({
      calendar,
      clock,
      callerPhone: phone || undefined,
      conversationId,
    }),
    parsePhone: (text) => /^\+\d{8,15}$/.exec(text.replaceAll(/[ ()-]/g, ''))?.[0],
  });
  const context = {
    signal: new AbortController().signal,
    callId,
    clientId,
    callerPhone: phone || undefined,
    hangUp() {},
    transfer() {},
    press() {},
    stay() {},
    said: () => [],
    typed: false,
  };
  async function run(
    name: string,
    args: object,
  ): Promise<ToolResult & { readonly answer: Answer }> {
    const tool = tools.find((each) => each.name === name);
    assert.ok(tool);
    const result = await tool.run(args, context);
    return { ...result, answer: JSON.parse(result.text) as Answer };
  }
  /** The id of the slot that is offered at a time. */
  async function slotAt(date: string, time: string): Promise<string> {
    const { slots } = (await run('get_available_slots', { date, time })).answer;
    const slot = slots?.find((each) => each.time === time);
    assert.ok(slot, `${date} ${time} is free`);
    return slot.slot_id;
  }

  return {
    clock,
    conversationId,
    slots: async (args: object = {}) => (await run('get_available_slots', args)).answer,
    book: (args: object) => run('book_appointment', args),
    reschedule: (args: object) => run('reschedule_appointment', args),
    cancel: (args: object) => run('cancel_appointment', args),
    slotAt,
    /** Books the slot at a time, under a name. */
    async bookAt(date: string, time: string, name: string) {
      return run('book_appointment', { slot_id: await slotAt(date, time), name });
    },
  };
}

/** The bookings of a client as they are stored, in the order of their making. */
export async function bookingRows(sql: Sql, clientId: string) {
  const found = await sql<
    { status: string; name: string; phone: string | null; reason: string; starts: string }[]
  >`
    SELECT status, name, phone, reason, to_char(lower(shown) AT TIME ZONE 'America/New_York', 'MM-DD HH24:MI') AS starts
    FROM bookings WHERE client_id = ${clientId} ORDER BY created_at
  `;
  return [...found];
}
