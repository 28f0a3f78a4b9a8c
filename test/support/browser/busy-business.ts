// A client that has been in business for a while: conversations, bookings, messages and contacts of the last weeks and the next.

import { newId } from '../../../src/lib/ids.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { insertContact } from '../../../src/store/calls/contacts.ts';
import { saveTurn } from '../../../src/store/conversations/conversations.ts';
import { saveMessage } from '../../../src/store/calls/messages.ts';
import { tellMissed } from '../../../src/store/calls/missed-callers.ts';
import { insertTransferTarget } from '../../../src/store/clients/transfer-targets.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { booking, endedCall, turnRow } from '../product/business.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const callers = [
  ['Maria Alvarez', '+14155550171', 'Prefers mornings.'],
  ['Tom Becker', '+14155550172', ''],
  ['Priya Raman', '+14155550173', 'Nervous about needles.'],
  ['Jonathan Whitfield-Okonkwo', '+14155550174', ''],
  ['Li Wei', '+14155550175', ''],
] as const;

const talks = [
  ['booked', ['Hi, do you have anything on Friday morning?', 'Nine thirty, please.', 'Thank you!']],
  ['answered', ['What are your opening hours?', 'And is there parking?']],
  ['message', ['Could the dentist call me back about my crown?', 'Yes, this number is fine.']],
  ['rescheduled', ['I have to move my appointment.', 'Thursday at two works.']],
  ['abandoned', ['Hello?']],
  ['transferred', ['I would like to speak to a person.']],
  ['cancelled', ['I need to cancel my cleaning.', 'No, I will call again.']],
  ['failed', ['Can you hear me?']],
  ['missed', ['Is Dr. Ruiz there? It hurts badly.']],
] as const;

const PARKING =
  'and there is parking behind the house, which you reach from Elm Street; it is free for as long as you are with us.';

export interface BusyOptions {
  /** Conversations, spread over the last two weeks. */
  readonly calls?: number;
}

/** Fills an existing client. */
export async function fillBusiness(
  sql: Sql,
  clientId: string,
  { calls = 24 }: BusyOptions = {},
): Promise<{ readonly conversationIds: readonly string[] }> {
  const nowMs = systemClock.now();
  for (const [name, phoneNumber, notes] of callers) {
    await insertContact(sql, { id: newId(nowMs), clientId, name, phoneNumber, notes });
  }
  const conversationIds: string[] = [];
  for (let number = calls - 1; number >= 0; number -= 1) {
    const [outcome, words] = talks[number % talks.length]!;
    const phone = callers[number % callers.length]![1];
    const agoMs = Math.round((number / calls) ** 1.5 * 14 * DAY_MS) + 5 * 60_000;
    const id = await endedCall(sql, clientId, {
      phone: number % 7 === 6 ? null : phone,
      words,
      outcome,
      responseMs: 420 + ((number * 137) % 700),
      durationMs: 25_000 + ((number * 7919) % 240_000),
    });
    const ago = `${agoMs} milliseconds`;
    await sql`
      UPDATE conversations SET created_at = created_at - ${ago}::interval, started_at = started_at - ${ago}::interval,
        ended_at = ended_at - ${ago}::interval WHERE id = ${id}`;
    if (outcome === 'missed' && number < talks.length)
      await tellMissed(sql, { id, clientId, callerPhone: phone });
    conversationIds.unshift(id);
  }
  if (conversationIds[0]) await addTalk(sql, conversationIds[0]);
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS;
  for (const [place, [name, phone]] of callers.entries()) {
    const startMs = midnight + (place + 1) * DAY_MS + (16 + (place % 4)) * HOUR_MS;
    await booking(sql, clientId, { startMs, name, phone, promised: place === 1 });
  }
  const messages = [
    [
      'Tom Becker',
      '+14155550172',
      'Please call me back about my crown. It hurts when I chew.',
      true,
    ],
    [
      'Priya Raman',
      '+14155550173',
      'Do you take my insurance? I would like to know before Friday.',
      false,
    ],
  ] as const;
  for (const [name, phone, text, urgent] of messages) {
    const conversationId = conversationIds[0]!;
    await saveMessage(sql, {
      id: newId(systemClock.now()),
      clientId,
      conversationId,
      name,
      phone,
      text,
      urgent,
    });
  }
  await addDeliveries(sql, clientId);
  await insertTransferTarget(sql, {
    id: newId(nowMs),
    clientId,
    name: 'Dr. Ruiz',
    phoneNumber: '+12025550145',
    description: 'Emergencies, and questions about bills',
    position: 0,
    isActive: true,
  });
  await insertTransferTarget(sql, {
    id: newId(nowMs),
    clientId,
    name: 'Front office',
    phoneNumber: '+12025550146',
    description: '',
    position: 1,
    isActive: false,
  });
  return { conversationIds };
}

/** A few more turns: tools, one that failed, answers that were interrupted. */
export async function addTalk(sql: Sql, id: string): Promise<void> {
  const rows = [
    ['When do you open, and is there parking?', 'We open at nine in the morning,', PARKING],
    ['Do you have anything on Friday?', '', 'On Friday morning there is nine thirty and eleven.'],
    [
      'In the morning, I mean.',
      'There is nine thirty and eleven fifteen. Which one suits you?',
      null,
    ],
  ] as const;
  for (const [place, [content, heard, unheard]] of rows.entries()) {
    const row = turnRow(10 + place, content, 480 + 260 * place);
    const [user, assistant] = row.utterances;
    const cut = { ...assistant!, content: heard, interrupted: unheard !== null };
    const failed = { ...row.tools[0]!, id: 'failed', name: 'book_appointment', failed: true };
    await saveTurn(sql, id, {
      ...row,
      ending: unheard === null ? 'completed' : 'interrupted',
      unheard,
      tools: place < 2 ? [] : [...row.tools, failed],
      utterances: heard === '' ? [user!] : [user!, cut],
    });
  }
}

/** Text messages and webhooks in every state; what waits does so for longer than any test. */
async function addDeliveries(sql: Sql, clientId: string): Promise<void> {
  const [host, sms] = ['hooks.brightsmile.example.com', 'Bright Smile: your appointment is on'];
  const noAnswer = 'The receiver did not answer in time or could not be reached.';
  const rows = [
    ['webhook', 'call.completed', 'waiting', 4, noAnswer],
    ['webhook', 'message.created', 'failed', 10, 'The receiver answered with status 500.'],
    ['sms', 'booking.booked', 'delivered', 1, null],
    ['sms', 'booking.reminder', 'dropped', 1, 'The number has opted out.'],
    ['sms', 'message.created', 'failed', 1, 'The number is not a mobile number.'],
    ['webhook', 'webhook.test', 'delivered', 1, null],
  ] as const;
  for (const [place, [kind, event, state, attempts, error]] of rows.entries()) {
    const isSms = kind === 'sms';
    await sql`
      INSERT INTO outbox (client_id, kind, recipient, event, body, payload, dedupe_key, state, attempts, last_error,
        target_host, not_before, created_at, settled_at)
      VALUES (${clientId}, ${kind}, ${isSms ? callers[place % callers.length]![1] : null}, ${event},
        ${isSms ? `${sms} Friday, November 27 at 9:30 AM. Reply STOP to get no more texts.` : null},
        ${isSms ? null : { id: newId(0), name: 'Tom Becker', text: 'Please call me back.' }}::jsonb,
        ${`busy:${place}`}, ${state}, ${attempts}, ${error}, ${isSms ? null : host},
        clock_timestamp() + interval '40 minutes', clock_timestamp() - make_interval(mins => ${place * 47 + 2}),
        ${state === 'waiting' ? null : sql`clock_timestamp() - make_interval(mins => ${place * 47})`})`;
  }
}
