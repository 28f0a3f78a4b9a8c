// Who makes the review of a call: one process at a time, again when it dies or fails, and the owner is told once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { AppError } from '../../../src/lib/errors.ts';
import { quietLog } from '../../../src/lib/log.ts';
import type { LanguageModel } from '../../../src/pipeline/types.ts';
import { reviewNext, startReviewer } from '../../../src/reception/records/reviewer.ts';
import type { ReviewerParts } from '../../../src/reception/records/reviewer.ts';
import { endConversation } from '../../../src/store/conversations/conversations.ts';
import {
  claimReview,
  finishReview,
  postponeReview,
  saveReviewSettings,
} from '../../../src/store/conversations/reviews.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { endedCall } from '../../support/product/business.ts';
import { testDatabase } from '../../support/database/database.ts';
import { until } from '../../support/until.ts';

const { signal } = new AbortController();

/** A reviewer whose model gives `answer`; an error fails. */
function reviewer(sql: Sql, answer: object | Error) {
  const model = {
    async *generate() {
      if (answer instanceof Error) throw answer;
      yield {
        type: 'tool-call',
        call: { id: '1', name: 'record_review', arguments: JSON.stringify(answer) },
      };
      yield { type: 'end', finish: 'tool-calls', usage: { inputTokens: 1000, outputTokens: 100 } };
    },
    [Symbol.dispose]() {},
  } as LanguageModel & Disposable;
  const parts: ReviewerParts = {
    sql,
    clock: systemClock,
    log: quietLog,
    door: { openThinking: () => Promise.resolve(model) },
  };
  return { parts, next: () => reviewNext(parts, signal) };
}

/** What owners are told of calls, in order. */
async function told(sql: Sql): Promise<Readonly<Record<string, any>>[]> {
  const found = await sql<{ payload: Record<string, any> }[]>`
    SELECT payload FROM outbox WHERE kind = 'webhook' AND event = 'call.completed' ORDER BY created_at`;
  return found.map(({ payload }) => payload);
}

/** A client whose owner listens. */
async function listeningClient(sql: Sql): Promise<string> {
  const id = await bookingClient(sql);
  await sql`
    INSERT INTO webhook_endpoints (client_id, url, secret_sealed) VALUES (${id}, 'https://example.com', 'x')`;
  return id;
}

const answer = {
  summary: 'A caller asked for the zoo.',
  outcome: 'answered',
  resolved: 'yes',
  follow_up: true,
  follow_up_reason: 'Send the leaflet.',
  fields: {},
};

async function rows(sql: Sql) {
  const found = await sql<{ state: string; attempts: number; summary: string; waits: boolean }[]>`
    SELECT state, attempts, summary, due_at > clock_timestamp() + interval '10 seconds' AS waits
    FROM reviews ORDER BY due_at`;
  return [...found];
}

/** As after the wait. */
const makeDue = (sql: Sql) =>
  sql`UPDATE reviews SET due_at = clock_timestamp() - interval '1 second' WHERE state = 'due'`;

test('each call that ends is reviewed once, and told with all that is known of it', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await listeningClient(sql);
  await sql`UPDATE clients SET llm_model = 'openai/gpt-4o-mini'`;
  const id = await endedCall(sql, clientId, { phone: '+12025550123', words: ['where are you'] });
  const { next } = reviewer(sql, answer);
  assert.equal(await next(), true);
  assert.equal(await next(), false, 'there is no other');
  assert.deepEqual(await rows(sql), [
    { state: 'done', attempts: 1, summary: answer.summary, waits: true },
  ]);
  const [data, ...more] = await told(sql);
  assert.ok(data && more.length === 0, 'the owner is told once');
  assert.deepEqual(
    [data['id'], data['outcome'], data['summary'], data['follow_up_reason'], data['caller_phone']],
    [id, 'answered', answer.summary, answer.follow_up_reason, '+12025550123'],
  );
  assert.equal(data['transcript'].length, 2);
  const [{ cost, hits }] = await sql<[{ cost: number; hits: number }]>`
    SELECT cost_microdollars AS cost,
      (SELECT count(*) FROM conversations WHERE search @@ to_tsquery('simple', 'zoo & where')) AS hits
    FROM reviews`;
  assert.deepEqual([cost, hits], [210, 1], 'it is paid for, and found by its words');
});

test('a call without a word, or of an owner who wants none, is told without a review', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const [silent, unwanted] = [await listeningClient(sql), await listeningClient(sql)];
  await endedCall(sql, silent);
  await saveReviewSettings(sql, unwanted, { isEnabled: false, fields: [] });
  await endedCall(sql, unwanted, { words: ['hello'] });
  const { next } = reviewer(sql, new Error('nobody asks'));
  await next();
  await next();
  assert.deepEqual(
    (await rows(sql)).map(({ state }) => state),
    ['skipped', 'skipped'],
  );
  assert.equal((await told(sql)).length, 2);
});

test('a model that fails is asked again later; at last the owner is told without it', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  await endedCall(sql, await listeningClient(sql), { words: ['hello'] });
  const failing = reviewer(sql, new AppError('vendor_failed', 'planted'));
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    assert.equal(await failing.next(), true);
    assert.equal(await failing.next(), false, 'not at once');
    const [row] = await rows(sql);
    assert.deepEqual([row!.state, row!.attempts, row!.waits], ['due', attempt, true]);
    await makeDue(sql);
  }
  await failing.next();
  assert.equal((await rows(sql))[0]!.state, 'failed');
  assert.deepEqual(
    (await told(sql)).map(({ summary }) => summary as string),
    [''],
  );
});

test('a model that nobody has set up is not asked for again', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  await endedCall(sql, await listeningClient(sql), { words: ['hello'] });
  await reviewer(sql, new AppError('not_configured', 'planted')).next();
  assert.equal((await rows(sql))[0]!.state, 'skipped');
  assert.equal((await told(sql)).length, 1);
});

test('of a very long call the webhook has what fits into it', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const words = Array.from({ length: 150 }, () => 'ä🙂 '.repeat(250));
  await endedCall(sql, await listeningClient(sql), { words });
  await reviewer(sql, answer).next();
  const [data] = await told(sql);
  assert.equal(data!['transcript_complete'], false);
  assert.ok(Buffer.byteLength(JSON.stringify(data)) < 256 * 1024);
});

test('what a process dies with is made by another, and the dead one changes nothing any more', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  await endedCall(sql, await listeningClient(sql), { words: ['hello'] });
  const dead = await claimReview(sql, 60_000);
  assert.ok(dead);
  const other = reviewer(sql, answer);
  assert.equal(await other.next(), false, 'while it may live');
  await makeDue(sql);
  assert.equal(await other.next(), true);
  const usage = { inputTokens: 9, outputTokens: 9, costMicrodollars: 9 };
  const late = finishReview(sql, dead, { state: 'failed', usage, flags: ['late'] }, () =>
    Promise.reject(new Error('told twice')),
  );
  assert.equal(await late, false);
  assert.equal((await rows(sql))[0]!.summary, answer.summary);
});

test('where the model tells of a deed that our books do not know, somebody should look', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await listeningClient(sql);
  const flags = async (outcome: string, said: string) => {
    const id = await endedCall(sql, clientId, { words: ['hello'], outcome });
    await reviewer(sql, { ...answer, outcome: said }).next();
    const [row] = await sql<
      { flags: string[] }[]
    >`SELECT flags FROM conversations WHERE id = ${id}`;
    return row!.flags;
  };
  assert.deepEqual(await flags('answered', 'booked'), ['outcome_differs']);
  assert.deepEqual(await flags('booked', 'booked'), []);
  assert.deepEqual(await flags('answered', 'answered'), []);
});

test('a call that comes back is reviewed again', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const id = await endedCall(sql, await listeningClient(sql), { words: ['hello'] });
  const { next } = reviewer(sql, answer);
  await next();
  await sql`UPDATE conversations SET ended_at = NULL, owner = 'test' WHERE id = ${id}`;
  await endConversation(sql, id, 'test', {
    endReason: 'caller',
    outcome: 'answered',
    durationMs: 1,
  });
  assert.equal(await next(), true);
  assert.equal((await told(sql)).length, 2);
});

test('a call that is being put through is not judged before somebody has answered', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const id = await endedCall(sql, await listeningClient(sql), { words: ['hello'] });
  await sql`
    INSERT INTO transfers (id, client_id, conversation_id, call_sid, target_name, phone_number, mode)
    SELECT ${id}, client_id, id, call_sid, 'Ann', '+12025550100', 'warm' FROM conversations WHERE id = ${id}`;
  const { next } = reviewer(sql, answer);
  assert.equal(await next(), false);
  await sql`UPDATE transfers SET state = 'declined'`;
  assert.equal(await next(), false, 'the caller comes back in a moment');
  await sql`UPDATE transfers SET state = 'accepted'`;
  assert.equal(await next(), true);
});

test('a call that goes on after all is not judged before its end, nor told as over', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const id = await endedCall(sql, await listeningClient(sql), { words: ['hello'] });
  const { next } = reviewer(sql, answer);
  // Nobody took the call: it comes back between its end and its review, or while that is made.
  const reopened = () =>
    sql`UPDATE conversations SET ended_at = NULL, owner = 'test' WHERE id = ${id}`;
  await reopened();
  assert.equal(await next(), false);
  const over = { endReason: 'caller', outcome: 'answered', durationMs: 1 };
  await endConversation(sql, id, 'test', over);
  const early = (await claimReview(sql, 60_000))!;
  await reopened();
  const usage = { inputTokens: 0, outputTokens: 0, costMicrodollars: 0 };
  const told = { state: 'skipped', usage, flags: [] } as const;
  const tell = () => Promise.reject(new Error('it is not over'));
  assert.equal(await finishReview(sql, early, told, tell), false);
  await endConversation(sql, id, 'test', over);
  const last = (await claimReview(sql, 60_000))!;
  assert.equal(await finishReview(sql, early, told, tell), false, 'it is another review by now');
  await postponeReview(sql, last, 0);
  assert.equal(await next(), true);
  assert.deepEqual(
    (await rows(sql)).map(({ state }) => state),
    ['done'],
  );
});

test('a running reviewer begins at a nudge, and gives back what it has when it ends', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await listeningClient(sql);
  const ending = new AbortController();
  const { parts } = reviewer(sql, answer);
  const waiting = Promise.withResolvers<never>();
  const running = startReviewer(parts, ending.signal);
  await endedCall(sql, clientId, { words: ['hello'] });
  running.nudge();
  while ((await rows(sql))[0]?.state !== 'done') running.nudge();
  await endedCall(sql, clientId, { words: ['hello'] });
  let asked = 0;
  Object.assign(parts.door, {
    openThinking: (_client: unknown, stop: AbortSignal) => {
      asked += 1;
      stop.addEventListener('abort', () => waiting.reject(stop.reason));
      return waiting.promise;
    },
  });
  await until('the model is asked', () => {
    running.nudge();
    return asked === 1;
  });
  ending.abort(new Error('the process ends'));
  await running.over;
  const claimed = await claimReview(sql, 1000);
  assert.ok(claimed, 'due at once for another process');
});
