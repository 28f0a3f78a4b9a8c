// Who counts as missed, whatever order things become known in; that the owner hears of each of them once, and of nobody else.

import { quietLog } from '../../../src/lib/log.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import {
  callerGone,
  endLostTransfers,
  endTransfer,
} from '../../../src/reception/tools/transfers.ts';
import {
  endConversation,
  endOrphans,
  openConversation,
  reopenConversation,
} from '../../../src/store/conversations/conversations.ts';
import { saveMessage } from '../../../src/store/calls/messages.ts';
import { tellFallback } from '../../../src/store/calls/fallback-dials.ts';
import { missCaller } from '../../../src/store/calls/missed-callers.ts';
import {
  claimReview,
  finishReview,
  listReviews,
} from '../../../src/store/conversations/reviews.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { insertTransferTarget } from '../../../src/store/clients/transfer-targets.ts';
import {
  beginTransfer,
  closeTransfer,
  decideTransfer,
  listLostTransfers,
} from '../../../src/store/calls/transfers.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';
import { untilAsync } from '../../support/until.ts';

type State = 'accepted' | 'unanswered' | 'abandoned' | undefined;

async function start(t: { after(act: () => Promise<void>): void }) {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const { id: targetId } = await insertTransferTarget(sql, {
    id: newId(0),
    clientId,
    name: 'Dr. Ruiz',
    phoneNumber: '+12025550177',
    description: '',
    position: 0,
    isActive: true,
  });
  let calls = 0;
  /** A call of a caller of its own, with transfers in these states. */
  const open = async (states: readonly State[], channel: 'phone' | 'browser' = 'phone') => {
    calls += 1;
    const callSid = `CA${calls}`;
    const callerPhone = `+1415555${String(calls).padStart(4, '0')}`;
    const { id } = await openConversation(sql, {
      id: newId(0),
      clientId,
      callSid,
      callerPhone,
      disclosureVersion: null,
      owner: 'me',
      channel,
    });
    for (const state of states) {
      const transfer = newId(systemClock.now());
      await beginTransfer(sql, {
        id: transfer,
        clientId,
        conversationId: id,
        callSid,
        callerPhone,
        targetId,
        targetName: 'Dr. Ruiz',
        phoneNumber: '+12025550177',
        mode: 'warm',
        reason: '',
      });
      if (!state) continue;
      await decideTransfer(sql, transfer, state);
      const over = { id: transfer, callSid, otherwise: 'failed', gone: false } as const;
      await closeTransfer(sql, over);
    }
    const leaveWord = () =>
      saveMessage(sql, {
        id: newId(0),
        clientId,
        conversationId: id,
        name: 'Ann',
        phone: callerPhone,
        text: 'Please call.',
        urgent: false,
      });
    const end = (endReason: string, outcome: string) =>
      endConversation(sql, id, 'me', { endReason, outcome, durationMs: 1 });
    return { id, callSid, callerPhone, leaveWord, end };
  };
  return { sql, clientId, open };
}

async function endOf(sql: Sql, id: string) {
  const [row] = await sql<{ outcome: string; reason: string; told: number }[]>`
    SELECT outcome, end_reason AS reason,
      (SELECT count(*)::int FROM notices WHERE data ->> 'conversation_id' = c.id::text) AS told
    FROM conversations c WHERE id = ${id}`;
  const review = (await listReviews(sql, [id])).get(id);
  return [row?.outcome, row?.reason, row?.told, review?.followUp];
}

const ends: readonly [
  what: string,
  states: readonly State[],
  end: [reason: string, outcome: string],
  found: [outcome: string, reason: string, told: number, followUp: boolean],
][] = [
  [
    'is put through',
    [undefined],
    ['transferred', 'transferred'],
    ['transferred', 'transferred', 0, false],
  ],
  [
    'hung up meanwhile',
    ['abandoned'],
    ['transferred', 'transferred'],
    ['missed', 'caller', 1, true],
  ],
  ['hung up before', [undefined], ['caller', 'answered'], ['missed', 'caller', 1, true]],
  [
    'comes back',
    ['unanswered'],
    ['transferred', 'transferred'],
    ['transferred', 'transferred', 0, false],
  ],
  ['came back and left', ['unanswered'], ['caller', 'abandoned'], ['missed', 'caller', 1, true]],
  ['came back and booked', ['unanswered'], ['caller', 'booked'], ['booked', 'caller', 0, false]],
  ['booked and gave up', ['abandoned'], ['transferred', 'booked'], ['booked', 'caller', 1, true]],
  ['talked', ['unanswered', 'accepted'], ['caller', 'answered'], ['answered', 'caller', 0, false]],
  ['asked for nobody', [], ['caller', 'abandoned'], ['abandoned', 'caller', 0, false]],
];

test('who counts as missed as the call ends', async (t) => {
  const { sql, open } = await start(t);
  for (const [what, states, [reason, outcome], found] of ends) {
    const { id, end } = await open(states);
    await end(reason, outcome);
    await end(reason, outcome);
    assert.deepEqual(await endOf(sql, id), found, what);
  }
  const browser = await open(['abandoned'], 'browser');
  await browser.end('caller', 'answered');
  assert.deepEqual(await endOf(sql, browser.id), ['answered', 'caller', 0, false]);
  const word = await open(['unanswered']);
  await word.leaveWord();
  await word.end('caller', 'message');
  assert.deepEqual(await endOf(sql, word.id), ['message', 'caller', 0, false]);
});

test('what becomes known after the call has ended counts as well, and is told once', async (t) => {
  const { sql, clientId, open } = await start(t);
  const parts = { sql, clock: systemClock, log: quietLog };
  const call = await open([undefined]);
  await missCaller(sql, call.callSid);
  const [{ ended }] = await sql<[{ ended: boolean }]>`
    SELECT ended_at IS NOT NULL AS ended FROM conversations WHERE id = ${call.id}`;
  assert.equal(ended, false, 'a call that a process has is not touched');
  await call.end('transferred', 'transferred');
  await Promise.all([callerGone(parts, call.callSid), callerGone(parts, call.callSid)]);
  await missCaller(sql, call.callSid);
  assert.deepEqual(await endOf(sql, call.id), ['missed', 'caller', 1, true]);
  const [notice] = await sql<{ clientId: string; kind: string; text: string }[]>`
    SELECT client_id AS "clientId", kind, text FROM notices`;
  assert.deepEqual(
    { ...notice },
    {
      clientId,
      kind: 'missed_caller',
      text: `${call.callerPhone} wanted to speak to Dr. Ruiz and reached nobody. Please call them back.`,
    },
  );
  const taken = await open(['accepted']);
  await taken.end('transferred', 'transferred');
  await callerGone(parts, taken.callSid);
  await missCaller(sql, taken.callSid);
  assert.deepEqual(await endOf(sql, taken.id), ['transferred', 'transferred', 0, false]);
  const word = await open([undefined]);
  await word.leaveWord();
  await word.end('transferred', 'transferred');
  await callerGone(parts, word.callSid);
  assert.deepEqual(await endOf(sql, word.id), ['message', 'caller', 0, false]);
  // Handed to the fallback number, whose end names no person; the number is withheld.
  const fallback = await open([]);
  await fallback.end('transferred', 'transferred');
  await sql`UPDATE conversations SET caller_phone = NULL WHERE id = ${fallback.id}`;
  await missCaller(sql, fallback.callSid);
  assert.deepEqual(await endOf(sql, fallback.id), ['missed', 'caller', 1, true]);
  const [last] = await sql<{ text: string }[]>`SELECT text FROM notices ORDER BY created_at DESC`;
  assert.equal(
    last?.text,
    'A caller with a withheld number wanted to speak to a person and reached nobody.',
  );
});

test('of whose end the carrier tells nothing is found after two minutes: warm ones were not taken, of cold ones nobody knows', async (t) => {
  const { sql, open } = await start(t);
  const waiting = await open([undefined]);
  const cold = await open([undefined]);
  const young = await open([undefined]);
  for (const { end } of [waiting, cold, young]) await end('transferred', 'transferred');
  await sql`UPDATE transfers SET mode = 'cold' WHERE call_sid = ${cold.callSid}`;
  await sql`
    UPDATE transfers SET created_at = created_at - interval '121 seconds'
    WHERE call_sid <> ${young.callSid}`;
  assert.deepEqual(
    (await listLostTransfers(sql)).map(({ callSid }) => callSid).toSorted(),
    [waiting.callSid, cold.callSid].toSorted(),
  );
  const parts = { sql, clock: systemClock, log: quietLog };
  await endLostTransfers(parts);
  await endLostTransfers(parts);
  assert.deepEqual(await listLostTransfers(sql), []);
  assert.deepEqual(await endOf(sql, waiting.id), ['missed', 'caller', 1, true]);
  assert.deepEqual(await endOf(sql, cold.id), ['transferred', 'transferred', 1, true]);
  const doubt = async () => {
    const [row] = await sql<[{ state: string; flags: string[] }]>`
      SELECT t.state, c.flags FROM transfers t JOIN conversations c ON c.call_sid = t.call_sid
      WHERE t.call_sid = ${cold.callSid}`;
    return [row.state, row.flags];
  };
  assert.deepEqual(await doubt(), ['untold', ['transfer_untold']]);
  const [told] = await sql<
    { text: string }[]
  >`SELECT text FROM notices WHERE kind = 'transfer_untold'`;
  assert.match(told?.text ?? '', /was put through to Dr. Ruiz, and we were not told whether/);
  // They talked for longer than that, and one word of the carrier was lost.
  const [{ id }] = await sql<
    [{ id: string }]
  >`SELECT id FROM transfers WHERE call_sid = ${cold.callSid}`;
  const over = { transferId: id, callSid: cold.callSid, dialStatus: 'completed', gone: true };
  assert.equal(await endTransfer(parts, over), 'talked');
  assert.deepEqual(await doubt(), ['accepted', []]);
});

test('a caller who comes back and is not there any more is missed, not failed', async (t) => {
  const { sql, open } = await start(t);
  const call = await open(['unanswered']);
  await call.end('transferred', 'transferred');
  await reopenConversation(sql, call.callSid);
  // As if it had been a minute ago: so long a call that comes back is waited for.
  await sql`UPDATE conversations SET started_at = started_at - interval '1 minute'`;
  await sql`UPDATE transfers SET over_at = over_at - interval '1 minute'`;
  assert.equal(await endOrphans(sql, 'abandoned', assert.fail), 1);
  assert.deepEqual(await endOf(sql, call.id), ['missed', 'lost', 1, true]);
});

test('what is read into the words of a missed call does not take the follow-up back; the owner does', async (t) => {
  const { sql, open } = await start(t);
  const call = await open(['abandoned']);
  await call.end('transferred', 'transferred');
  const due = (await claimReview(sql, 1000))!;
  assert.equal(due.conversationId, call.id);
  const answer = {
    summary: 'Ann was put through.',
    resolved: 'yes',
    fields: {},
    followUp: false,
    followUpReason: '',
  } as const;
  const usage = { inputTokens: 1, outputTokens: 1, costMicrodollars: 1 };
  await finishReview(sql, due, { state: 'done', answer, usage, flags: [] }, async () => {});
  const review = (await listReviews(sql, [call.id])).get(call.id)!;
  assert.equal(review.followUp, true);
  assert.equal(review.followUpReason, 'The caller wanted to speak to a person and reached nobody.');
  await reopenConversation(sql, call.callSid);
  assert.equal((await listReviews(sql, [call.id])).get(call.id)?.followUp, false);
});

test('a call that ends in the moment in which its fallback is told to be busy', async (t) => {
  const { sql, open } = await start(t);
  const call = await open([]);
  const dial = {
    clientId: null,
    callSid: call.callSid,
    callerPhone: null,
    phoneNumber: '+12025550144',
  };
  const { promise: free, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: held, resolve: holds } = Promise.withResolvers<void>();
  const holder = sql.begin(async (tx) => {
    await tx`SELECT 1 FROM conversations WHERE id = ${call.id} FOR NO KEY UPDATE`;
    holds();
    await free;
  });
  await held;
  const ended = call.end('lost', 'abandoned');
  await waiting(sql, 1);
  await tellFallback(sql, newId(systemClock.now()), dial, { what: 'unanswered', over: true });
  const missed = missCaller(sql, call.callSid);
  await waiting(sql, 2);
  letGo();
  await Promise.all([holder, ended, missed]);
  const [row] = await sql<{ outcome: string }[]>`
    SELECT outcome FROM conversations WHERE id = ${call.id}`;
  assert.equal(row?.outcome, 'missed');
});

/** Until so many statements wait for a row that another transaction holds. */
async function waiting(sql: Sql, count: number): Promise<void> {
  await untilAsync(`${count} wait for the row`, async () => {
    const [row] = await sql<{ waiting: number }[]>`
      SELECT count(*) AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return row!.waiting >= count;
  });
}
