// What owners seldom have and pages must bear: sixty clients, every way a call can end, names and texts that are very long, written
// from right to left or full of emoji, a conversation of two hundred turns, no credit, a plan that is past due, a calendar that Google refuses.

import assert from 'node:assert/strict';
import { newId } from '../../../src/lib/ids.ts';
import { openSealer } from '../../../src/lib/sealing.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { insertContact } from '../../../src/store/calls/contacts.ts';
import { saveMessage } from '../../../src/store/calls/messages.ts';
import { notifyOwner } from '../../../src/store/clients/notices.ts';
import { linkCalendar } from '../../../src/store/calendar/calendar-links.ts';
import { saveTurn } from '../../../src/store/conversations/conversations.ts';
import { insertOrder } from '../../../src/store/money/orders.ts';
import { saveSubscription } from '../../../src/store/money/subscriptions.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import type { TestApi, TestUser } from '../product/api.ts';
import { booking, endedCall, turnRow } from '../product/business.ts';
import { addPackage } from '../product/packages.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TURNS = 200;
const CLIENTS = 60;

const long =
  'The Very Long Name Dental, Orthodontic and Maxillofacial Partnership of Upper Saint Clairsville';
const unbroken = 'Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle'.repeat(
  2,
);
const arabic = 'عيادة الابتسامة المشرقة لطب الأسنان';
const emoji = '🦷✨👨‍👩‍👧‍👦 Smile!!! 🎉';
const paragraph = `${long}. `.repeat(12);

const callers = [
  [arabic, '+14155550181'],
  [emoji, '+14155550182'],
  [long, '+14155550183'],
  [unbroken, '+14155550184'],
] as const;

/** An outcome, with what makes it worth a look. */
const ends = [
  ['booked', []],
  ['rescheduled', []],
  ['cancelled', []],
  ['message', []],
  ['transferred', []],
  ['transferred', ['transfer_untold']],
  ['missed', []],
  ['left_message', ['machine_caller']],
  ['machine', ['machine_caller']],
  ['answered', ['unbacked_claim', 'outcome_differs']],
  ['abandoned', ['recording_notice_unheard']],
  ['no_credit', []],
  ['failed', []],
] as const;

export interface OddBusiness {
  readonly clientId: string;
  /** Two hundred turns. */
  readonly longId: string;
  /** Put through to one person after the other, each with another end. */
  readonly transferredId: string;
  /** One for each way a call ends. */
  readonly conversationIds: readonly string[];
}

export async function startOddBusiness(
  api: Pick<TestApi, 'as' | 'database'>,
  owner: TestUser,
): Promise<OddBusiness> {
  const sql = api.database.general;
  const create = async (name: string) => {
    const made = await api.as(owner).post('/api/clients', { name, zone: 'Asia/Kolkata' });
    assert.equal(made.status, 201, made.text);
    return made.json.id as string;
  };
  const clientId = await create(`${long} ${arabic}`);
  const names = [arabic, emoji, unbroken];
  for (let place = 1; place < CLIENTS; place += 1) {
    await create(names[place - 1] ?? `Branch No. ${place}`);
  }
  for (const [name, phoneNumber] of callers) {
    const id = newId(systemClock.now());
    await insertContact(sql, { id, clientId, name, phoneNumber, notes: paragraph.slice(0, 900) });
  }
  const conversationIds = [];
  for (const [place, [outcome, flags]] of ends.entries()) {
    const phone = callers[place % callers.length]![1];
    const id = await endedCall(sql, clientId, { phone, words: [paragraph, emoji], outcome });
    const called = outcome === 'left_message' || outcome === 'machine';
    const metadata = called ? { direction: 'outbound' } : {};
    await sql`
      UPDATE conversations SET flags = ${[...flags]}::text[], metadata = ${sql.json(metadata)} WHERE id = ${id}`;
    conversationIds.push(id);
  }
  const longId = await endedCall(sql, clientId, {
    phone: callers[0][1],
    durationMs: 2 * HOUR_MS,
    outcome: 'message',
  });
  for (let number = 0; number < TURNS; number += 1) await saveTurn(sql, longId, oddTurn(number));
  const transferredId = conversationIds[ends.findIndex(([outcome]) => outcome === 'transferred')]!;
  await putThrough(sql, clientId, transferredId);
  await fillInbox(sql, clientId, longId);
  await fillCalendar(sql, clientId);
  await owePlan(sql, clientId, owner);
  return { clientId, longId, transferredId, conversationIds };
}

async function putThrough(sql: Sql, clientId: string, conversationId: string): Promise<void> {
  const names = [long.slice(0, 200), arabic, unbroken.slice(0, 200), emoji, ''];
  const states = ['declined', 'unanswered', 'failed', 'untold', 'accepted'];
  for (const [place, name] of names.entries()) {
    await sql`
      INSERT INTO transfers (id, client_id, conversation_id, call_sid, target_name, phone_number, mode, state, over_at, is_fallback)
      SELECT ${newId(systemClock.now() + place)}, client_id, id, call_sid, ${name},
        ${place % 2 === 0 ? '+14155550191' : '+493055501234'}, 'warm', ${states[place]!}, clock_timestamp(), ${name === ''}
      FROM conversations WHERE id = ${conversationId} AND client_id = ${clientId}`;
  }
}

function oddTurn(number: number) {
  const texts = [paragraph, arabic, emoji, unbroken, 'Yes.'];
  const row = turnRow(number, texts[number % texts.length]!, 300 + number * 20);
  const [user, assistant] = row.utterances;
  const [tool] = row.tools;
  const failed = {
    ...tool!,
    name: number % 20 === 0 ? unbroken.slice(0, 60) : 'book_appointment',
    arguments: JSON.stringify({ slot: unbroken, reason: arabic }),
    result: 'The service did not answer.',
    failed: true,
  };
  const cut = number % 4 === 3;
  const said = texts[(number + 1) % texts.length]!;
  return {
    ...row,
    ending: cut ? ('interrupted' as const) : row.ending,
    unheard: cut ? said : null,
    tools: number % 10 === 0 ? [failed] : [],
    utterances: [user!, { ...assistant!, content: said, interrupted: cut }],
  };
}

async function fillInbox(sql: Sql, clientId: string, conversationId: string): Promise<void> {
  const messages = [
    [arabic, arabic.repeat(6)],
    [emoji, paragraph],
    [unbroken, unbroken],
    [long, 'Please call.'],
  ] as const;
  for (const [place, [name, text]] of messages.entries()) {
    await saveMessage(sql, {
      id: newId(systemClock.now()),
      clientId,
      conversationId,
      name: name.slice(0, 200),
      phone: '+14155550181',
      text: text.slice(0, 1000),
      urgent: place % 2 === 0,
    });
  }
  for (const [place, text] of [paragraph.slice(0, 400), unbroken, arabic].entries()) {
    const severity = (['error', 'warning', 'info'] as const)[place]!;
    await notifyOwner(sql, { clientId, kind: 'test', severity, text, dedupeKey: `odd:${place}` });
  }
}

/** Appointments that are certain, promised, just being made and cancelled; and a calendar that Google refuses. */
async function fillCalendar(sql: Sql, clientId: string): Promise<void> {
  const midnight = Math.floor(systemClock.now() / DAY_MS) * DAY_MS;
  const at = (hour: number) => midnight + DAY_MS + hour * HOUR_MS;
  await booking(sql, clientId, { startMs: at(5), name: long });
  await booking(sql, clientId, { startMs: at(6), name: arabic, promised: true });
  const held = await booking(sql, clientId, { startMs: at(7), name: emoji, promised: true });
  await sql`UPDATE bookings SET promised_at = NULL, hold_until = clock_timestamp() + interval '1 hour' WHERE id = ${held}`;
  const cancelled = await booking(sql, clientId, { startMs: at(8), name: unbroken });
  await sql`UPDATE bookings SET status = 'cancelled' WHERE id = ${cancelled}`;
  const sealed = openSealer(['y'.repeat(32)]).seal('{"refresh_token":"gone"}', clientId);
  await sql`
    INSERT INTO calendar_credentials (client_id, kind, sealed, account)
    VALUES (${clientId}, 'oauth', ${sealed}, 'a.very.long.address.of.an.owner@a-very-long-domain.example.com')`;
  const link = {
    googleId: 'odd@example.com',
    via: 'own',
    name: long,
    zone: 'Asia/Kolkata',
  } as const;
  await linkCalendar(sql, { clientId, ...link, watched: [] }, systemClock.now());
  await sql`
    UPDATE calendar_links SET sync_due_at = clock_timestamp() + interval '1 day', fault = NULL,
      failing_since = clock_timestamp() - interval '2 hours', broken_at = clock_timestamp() - interval '1 hour'
    WHERE client_id = ${clientId}`;
}

async function owePlan(sql: Sql, clientId: string, { id: createdBy }: TestUser): Promise<void> {
  const plan = { kind: 'plan', name: long.slice(0, 60), amount: 4900, seconds: 18_000 } as const;
  const sold = await addPackage(sql, plan);
  const orderId = newId(systemClock.now());
  await insertOrder(sql, { id: orderId, clientId, kind: 'plan', package: sold, createdBy });
  const state = {
    id: `sub_${orderId}`,
    clientId,
    orderId,
    status: 'past_due',
    cancelAtPeriodEnd: false,
    currentPeriodEnd: new Date(systemClock.now() - DAY_MS),
    asOf: 1,
  };
  await sql.begin((tx) => saveSubscription(tx, state));
}
