// A business with one of everything an owner can see: for tests of who sees what, and of all routes at once.

import assert from 'node:assert/strict';
import { newId } from '../../../src/lib/ids.ts';
import { openBuiltInCalendar } from '../../../src/calendar/built-in.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { blockCaller } from '../../../src/store/calls/caller-limits.ts';
import { insertContact } from '../../../src/store/calls/contacts.ts';
import {
  endConversation,
  openConversation,
  saveTurn,
} from '../../../src/store/conversations/conversations.ts';
import type { TurnRow } from '../../../src/store/conversations/conversations.ts';
import { insertSection } from '../../../src/store/clients/knowledge.ts';
import { admitLease } from '../../../src/store/money/leases.ts';
import { saveMessageAudio } from '../../../src/store/calls/message-audio.ts';
import { saveMessage } from '../../../src/store/calls/messages.ts';
import { notifyOwner } from '../../../src/store/clients/notices.ts';
import { insertOutboundCall } from '../../../src/store/calls/outbound-calls.ts';
import { enqueueSms } from '../../../src/store/service/outbox.ts';
import { insertHttpTool, insertMcpServer } from '../../../src/store/clients/owner-tools.ts';
import { insertOrder } from '../../../src/store/money/orders.ts';
import { insertTransferTarget } from '../../../src/store/clients/transfer-targets.ts';
import { promiseMessage } from '../../../src/store/calendar/unfinished-bookings.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import type { TestApi, TestUser } from './api.ts';
import { addPackage } from './packages.ts';

const HOUR_MS = 3_600_000;

/** Ids by the names that paths give them. */
export interface Business {
  readonly client_id: string;
  readonly contact_id: string;
  readonly conversation_id: string;
  /** A call that runs. */
  readonly call_id: string;
  readonly booking_id: string;
  readonly message_id: string;
  readonly target_id: string;
  readonly notice_id: string;
  readonly delivery_id: string;
  readonly outbound_id: string;
  readonly package_id: string;
  readonly order_id: string;
  readonly section_id: string;
  readonly tool_id: string;
  readonly blocked_id: string;
  readonly server_id: string;
}

/** Each business has one of its own. */
let numbers = 0;

/** Everything in it contains `word`. */
export async function startBusiness(
  api: Pick<TestApi, 'as' | 'database'>,
  owner: TestUser,
  { word = 'ordinary', phone = '+14155550111' } = {},
): Promise<Business> {
  const sql = api.database.general;
  const made = await api.as(owner).post('/api/clients', {
    name: `Business ${word}`,
    phone_number: `+1303555${String((numbers += 1)).padStart(4, '0')}`,
  });
  assert.equal(made.status, 201, made.text);
  const clientId = made.json.id as string;
  const id = () => newId(systemClock.now());
  const contact = { clientId, phoneNumber: phone, name: `Caller ${word}`, notes: word };
  const { id: contactId } = await insertContact(sql, { id: id(), ...contact });
  const callId = await runningCall(sql, clientId, { phone });
  const conversationId = await endedCall(sql, clientId, { phone, words: [`hello ${word}`] });
  const messageId = id();
  await saveMessage(sql, {
    id: messageId,
    clientId,
    conversationId,
    name: word,
    phone,
    text: `Call ${word} back.`,
    urgent: false,
  });
  await saveMessageAudio(sql, messageId, { audio: new Uint8Array(800).fill(0x7f), heard: true });
  const target = { name: word, phoneNumber: phone, description: word, position: 0, isActive: true };
  const { id: targetId } = await insertTransferTarget(sql, { id: id(), clientId, ...target });
  const section = { id: id(), clientId, title: word, text: `About ${word}.`, position: 0 };
  await insertSection(sql, section, [section.text]);
  const own = { clientId, headerNames: [], headersSealed: null, isActive: true };
  const http = {
    name: 'a_tool',
    description: word,
    parameters: { type: 'object', properties: {} },
  };
  const asked = { ...own, url: 'https://203.0.113.1/', method: 'GET', timeoutMs: 500 } as const;
  const { id: toolId } = await insertHttpTool(sql, { ...http, ...asked, id: id() });
  const server = {
    ...own,
    id: id(),
    name: 'a_server',
    url: 'https://203.0.113.1/',
    allowed: [word],
  };
  const { id: serverId } = await insertMcpServer(sql, server);
  const sold = await addPackage(sql, { kind: 'top_up', name: 'Hour', amount: 1000, seconds: 3600 });
  const orderId = id();
  await insertOrder(sql, {
    id: orderId,
    clientId,
    kind: 'top_up',
    package: sold,
    createdBy: owner.id,
  });
  const blocked = { id: id(), clientId, phoneNumber: '+19005550100', note: word };
  const { id: blockedId } = await blockCaller(sql, blocked);
  return {
    section_id: section.id,
    tool_id: toolId,
    blocked_id: blockedId,
    server_id: serverId,
    client_id: clientId,
    contact_id: contactId,
    conversation_id: conversationId,
    call_id: callId,
    booking_id: await booking(sql, clientId, { startMs: tomorrow(), name: word, phone }),
    message_id: messageId,
    target_id: targetId,
    notice_id: await notice(sql, clientId, word),
    delivery_id: await delivery(sql, clientId, phone, word),
    outbound_id: await outboundCall(sql, clientId, { phone, word, createdBy: owner.id }),
    package_id: sold.id,
    order_id: orderId,
  };
}

async function notice(sql: Sql, clientId: string, word: string): Promise<string> {
  await notifyOwner(sql, { clientId, kind: 'test', severity: 'info', text: word, dedupeKey: word });
  const [row] = await sql<[{ id: string }]>`SELECT id FROM notices WHERE client_id = ${clientId}`;
  return row.id;
}

async function outboundCall(
  sql: Sql,
  clientId: string,
  { phone, word, createdBy }: { phone: string; word: string; createdBy: string },
): Promise<string> {
  const id = newId(systemClock.now());
  const about = { purpose: 'other', text: word, voicemailText: '' } as const;
  await insertOutboundCall(
    sql,
    { id, clientId, phoneNumber: phone, ...about, createdBy },
    { startSecondsMin: 0 },
  );
  return id;
}

/** One that stays where it is. */
async function delivery(sql: Sql, clientId: string, to: string, word: string): Promise<string> {
  const notBefore = new Date('2999-01-01');
  await enqueueSms(sql, { clientId, to, body: word, dedupeKey: word, notBefore });
  const [row] = await sql<[{ id: string }]>`SELECT id FROM outbox WHERE client_id = ${clientId}`;
  return row.id;
}

/** A time that is surely free. */
export function tomorrow(hour = 0): number {
  return Math.ceil(systemClock.now() / (24 * HOUR_MS)) * 24 * HOUR_MS + (15 + hour) * HOUR_MS;
}

export interface CallOptions {
  readonly phone?: string | null;
  readonly words?: readonly string[];
  readonly outcome?: string;
  readonly responseMs?: number;
  readonly durationMs?: number;
}

/** A call that has ended; its id. */
export async function endedCall(
  sql: Sql,
  clientId: string,
  {
    phone = null,
    words = [],
    outcome = 'answered',
    responseMs = 300,
    durationMs = 61_000,
  }: CallOptions = {},
): Promise<string> {
  const opened = await open(sql, clientId, phone);
  for (const [number, content] of words.entries()) {
    await saveTurn(sql, opened, turnRow(number, content, responseMs));
  }
  const end = { endReason: 'caller', outcome, durationMs };
  await endConversation(sql, opened, 'test', end);
  return opened;
}

/** A call that runs, with credit for it; its id. */
export async function runningCall(
  sql: Sql,
  clientId: string,
  { phone = null }: { phone?: string | null } = {},
): Promise<string> {
  const callSid = newId(systemClock.now());
  await sql`SELECT meter_post(${clientId}, 'adjust', 1000, ${callSid}, '{}')`;
  const admitted = await admitLease(sql, {
    leaseId: callSid,
    clientId,
    callSid,
    streamSid: callSid,
    owner: 'test',
    headroomSeconds: 10,
    secondsMin: 1,
    leaseSeconds: 600,
  });
  assert.equal(admitted.status, 'ok');
  return open(sql, clientId, phone, callSid);
}

export interface BookingOptions {
  readonly startMs: number;
  readonly name?: string;
  readonly phone?: string;
  /** Not confirmed yet: a calendar that is asked does not answer, and the caller was promised a message. */
  readonly promised?: boolean;
}

/** An appointment of half an hour; its id. */
export async function booking(
  sql: Sql,
  clientId: string,
  { startMs, name = 'Ann', phone, promised = false }: BookingOptions,
): Promise<string> {
  const { signal } = new AbortController();
  const calendar = await openBuiltInCalendar({ sql, clock: systemClock }, clientId);
  const span = { startMs, endMs: startMs + HOUR_MS / 2 };
  const details = { name, phone, reason: '', conversationId: undefined };
  const held = await calendar.hold(
    { slot: { ...span, resource: 0, during: span }, idemKey: newId(0), holdMs: 60_000, details },
    signal,
  );
  assert.ok(held.status === 'held');
  if (promised) await promiseMessage(sql, held.bookingId);
  else await calendar.confirm(held.bookingId);
  return held.bookingId;
}

async function open(
  sql: Sql,
  clientId: string,
  callerPhone: string | null,
  callSid = newId(systemClock.now()),
): Promise<string> {
  const id = newId(systemClock.now());
  const parts = { id, clientId, callSid, callerPhone, disclosureVersion: null, owner: 'test' };
  return (await openConversation(sql, parts)).id;
}

export function turnRow(number: number, content: string, responseMs: number): TurnRow {
  const at = new Date(systemClock.now());
  return {
    number,
    kind: 'reply',
    ending: 'completed',
    responseMs,
    endpointMs: 100,
    hearMs: 50,
    thinkMs: 80,
    speakMs: 40,
    playMs: 20,
    inputTokens: 10,
    outputTokens: 5,
    wastedInputTokens: 0,
    wastedOutputTokens: 0,
    characters: 20,
    costMicrodollars: 120,
    tools: [
      { name: 'get_available_slots', arguments: '{}', result: 'none', elapsedMs: 3, failed: false },
    ],
    unheard: null,
    at,
    utterances: [
      { role: 'user', content, interrupted: false, at },
      { role: 'assistant', content: 'I see.', interrupted: false, at },
    ],
  };
}
