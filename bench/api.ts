// The owners' lists over HTTP with 200 clients, 100,000 conversations and 2,000,000 utterances in the database.
// `--small` seeds a hundredth of it; `--searches` asks for words only; `--on postgres://…` uses that database, and seeds it only the first time.

import assert from 'node:assert/strict';
import { systemClock } from '../src/lib/clock.ts';
import { newId } from '../src/lib/ids.ts';
import { quietLog } from '../src/lib/log.ts';
import { openMaintenance } from '../src/store/database/sql.ts';
import type { Sql, Transaction } from '../src/store/database/sql.ts';
import { startTestApi } from '../test/support/product/api.ts';
import type { TestUser } from '../test/support/product/api.ts';
import { percentile, printMachine } from './support/measure.ts';

const share = process.argv.includes('--small') ? 0.01 : 1;
const CLIENTS = 200;
const CONVERSATIONS = 100_000 * share;
const UTTERANCES_EACH = 20;
const ROUNDS = 200;
const BUDGET_MS = 50;

const on = process.argv.indexOf('--on');
const given = on < 0 ? {} : { connection: process.argv[on + 1]! };

const closing: (() => Promise<void>)[] = [];
const api = await startTestApi({ after: (act) => void closing.push(act) }, given);
try {
  printMachine();
  const owner = await api.user();
  const admin = await api.user({ role: 'admin' });
  const sql = openMaintenance({ connection: api.connection, clock: systemClock, log: quietLog });
  const startedAt = performance.now();
  const there = await seeded(sql, owner.id);
  const { big, small } = there ?? (await seed(sql, owner.id));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(
    `${there ? 'seeded before' : `seeded in ${seconds} s`}: ${CLIENTS} clients, ${CONVERSATIONS} conversations\n`,
  );
  const before = await scans(sql);
  await measure(big, small, owner, admin, await api.user());
  const read = await scans(sql);
  for (const [table, count] of Object.entries(read)) {
    console.log(`${table}: ${count - (before[table] ?? 0)} sequential scans`);
  }
  await sql.end();
} finally {
  for (const close of closing.toReversed()) await close();
}

/** What an earlier run has seeded, given to the owner of this one. */
async function seeded(sql: Sql, ownerId: string): Promise<Seeded | undefined> {
  const owned = await sql`UPDATE clients SET owner_id = ${ownerId} WHERE name LIKE 'Client %'`;
  if (owned.count === 0) return undefined;
  await sql`UPDATE conversations SET user_id = ${ownerId} WHERE user_id IS NOT NULL`;
  const found = await sql<{ id: string }[]>`
    SELECT id FROM clients WHERE name IN ('Client 1', 'Client 8') ORDER BY name`;
  return { big: found[0]!.id, small: found[1]!.id };
}

interface Seeded {
  readonly big: string;
  readonly small: string;
}

/**
 * A client with a tenth of all that was said, and one of the others, which share the rest. In one transaction: the server
 * would tidy up and review what it sees, and a half of it would be taken for the whole by the next run.
 */
async function seed(sql: Sql, ownerId: string): Promise<Seeded> {
  const ids = Array.from({ length: CLIENTS }, () => newId(systemClock.now()));
  await sql.begin((tx) => fill(tx, ids, ownerId));
  await sql`VACUUM ANALYZE`;
  return { big: ids[0]!, small: ids[7]! };
}

async function fill(sql: Transaction, ids: string[], ownerId: string): Promise<void> {
  await sql`
    INSERT INTO clients (id, owner_id, name, llm_model, stt_model, tts_provider, tts_voice_id)
    SELECT id, ${ownerId}, 'Client ' || n, 'm', 'm', 'cartesia', '' FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS c (id, n)`;
  await sql`
    INSERT INTO contacts (id, client_id, phone_number, name)
    SELECT gen_random_uuid(), c.id, '+1' || (2000000000 + n * 1000 + k), 'Contact ' || k
    FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS c (id, n), generate_series(1, ${100 * Math.max(share, 0.1)}::int) AS k`;
  await sql`
    INSERT INTO conversations (id, client_id, contact_id, channel, call_sid, caller_phone, started_at, created_at, outcome, duration_ms)
    SELECT gen_random_uuid(), c.id, k.id, 'browser', 'CA' || n, '+12025550100', at, at,
      (ARRAY['booked', 'answered', 'message', 'abandoned', 'failed'])[1 + (n % 37) % 5], (n % 300) * 1000
    FROM (
      SELECT n, clock_timestamp() - make_interval(secs => n * ${(90 * 86_400) / CONVERSATIONS}::float8) AS at,
        (${ids}::uuid[])[CASE WHEN n % 10 = 0 THEN 1 ELSE 2 + n % ${CLIENTS - 1} END] AS client_id
      FROM generate_series(1, ${CONVERSATIONS}::int) AS n
    ) g JOIN clients c ON c.id = g.client_id
    LEFT JOIN LATERAL (SELECT id FROM contacts WHERE client_id = c.id ORDER BY id OFFSET g.n % 50 LIMIT 1) k ON true`;
  // The owner's own sessions with the voice agent, which no client pays for.
  await sql`
    INSERT INTO conversations (id, user_id, channel, room, started_at, created_at)
    SELECT gen_random_uuid(), ${ownerId}, 'browser', 'room ' || n, at, at
    FROM (SELECT n, clock_timestamp() - make_interval(mins => n) AS at
      FROM generate_series(1, ${CONVERSATIONS / 100}::int) AS n) sessions`;
  await sql`
    INSERT INTO turns (conversation_id, number, kind, ending, response_ms, created_at)
    SELECT id, n, 'reply', 'completed', 200 + random() * 400, created_at
    FROM conversations, generate_series(0, ${UTTERANCES_EACH / 2 - 1}::int) AS n`;
  // Words as people use them: a few often, most of them seldom.
  await sql`
    INSERT INTO utterances (conversation_id, turn_number, role, content, at)
    SELECT v.id, n / 2, CASE n % 2 WHEN 0 THEN 'user' ELSE 'assistant' END,
      'I would like an appointment ' || (SELECT string_agg('word' || floor(random() ^ 3 * 20000), ' ')
        FROM generate_series(1, 8) WHERE n >= 0 AND v.id IS NOT NULL), v.created_at
    FROM conversations v, generate_series(0, ${UTTERANCES_EACH - 1}::int) AS n`;
  // What came of them: an appointment and its confirmation by SMS for each that booked, a notice for some that failed.
  await sql`INSERT INTO calendars (id, client_id) SELECT id, id FROM unnest(${ids}::uuid[]) id`;
  await sql`INSERT INTO resources (calendar_id, number) SELECT id, 0 FROM unnest(${ids}::uuid[]) id`;
  await sql`
    INSERT INTO bookings (id, client_id, calendar_id, shown, during, status, idem_key, name, conversation_id)
    SELECT gen_random_uuid(), client_id, client_id, slot, slot, 'confirmed', id::text, 'Caller', id
    FROM (SELECT id, client_id, tstzrange(at, at + interval '30 minutes') AS slot FROM (
      SELECT id, client_id, now() - interval '60 days' + interval '1 hour' * row_number() OVER (PARTITION BY client_id) AS at
      FROM conversations WHERE outcome = 'booked') booked) slots`;
  await sql`
    INSERT INTO outbox (client_id, kind, recipient, event, body, dedupe_key, state, settled_at, created_at)
    SELECT client_id, 'sms', '+12025550100', 'booking.confirmed', 'See you soon.', id::text, 'delivered', created_at, created_at
    FROM conversations WHERE outcome = 'booked'`;
  await sql`
    INSERT INTO notices (client_id, kind, severity, text, dedupe_key, created_at)
    SELECT client_id, 'call.failed', 'error', 'A call failed.', id::text, created_at
    FROM conversations WHERE outcome = 'failed'`;
  await sql`ANALYZE`;
  await sql`UPDATE conversations SET ended_at = created_at, end_reason = 'caller',
    channel = CASE WHEN client_id IS NULL THEN 'browser' ELSE 'phone' END`;
  await sql`UPDATE reviews SET state = 'done', summary = 'Somebody called.'`;
  await sql`
    INSERT INTO messages (id, client_id, name, phone, text)
    SELECT gen_random_uuid(), c, 'Caller', '+12025550100', 'Call me.' FROM unnest(${ids}::uuid[]) c, generate_series(1, 50)`;
}

/** Where the answer says the list goes on. */
function nextOf(answer: Response): string {
  const [, next] = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '') ?? [];
  assert.ok(next, 'there is a second page');
  const { pathname, search } = new URL(next, api.url);
  return pathname + search;
}

async function scans(sql: Sql): Promise<Record<string, number>> {
  await systemClock.sleep(1500);
  const rows = await sql<{ table: string; scans: number }[]>`
    SELECT relname AS table, seq_scan AS scans FROM pg_stat_user_tables
    WHERE relname IN ('utterances', 'turns', 'conversations')`;
  return Object.fromEntries(rows.map(({ table, scans }) => [table, scans]));
}

async function measure(
  big: string,
  small: string,
  owner: TestUser,
  admin: TestUser,
  stranger: TestUser,
): Promise<void> {
  const get = (who: TestUser, path: string) =>
    fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${who.accessToken}` } });
  const days = (back: number) => new Date(systemClock.now() - back * 86_400_000).toISOString();
  const [contact] = (await api.as(owner).get(`/api/clients/${big}/contacts?limit=1`)).json;
  const detail = (await api.as(owner).get(`/api/clients/${big}/conversations?limit=1`)).json[0].id;
  const of = (id: string, query: string) => `/api/clients/${id}/conversations?${query}`;
  const asked: readonly [name: string, who: TestUser, path: string][] = [
    ['clients, 50', owner, '/api/clients'],
    ['the home page of them all', owner, '/api/overview'],
    ['clients, 100, of all owners', admin, '/api/clients?limit=100'],
    ['contacts, 50', owner, `/api/clients/${big}/contacts`],
    ['conversations of a small client, 50', owner, of(small, '')],
    ['conversations of a big client, 50', owner, of(big, '')],
    ['the same, 100', owner, of(big, 'limit=100')],
    [
      'the same, 100, without transcript',
      owner,
      of(big, 'limit=100&fields=id,duration,outcome,created_at'),
    ],
    ['the same, offset 9,000', owner, of(big, 'offset=9000')],
    ['by outcome', owner, of(big, 'outcome=failed')],
    ['by contact', owner, of(big, `contact_id=${contact.id}`)],
    ['by date', owner, of(big, `from=${days(30)}&until=${days(20)}`)],
    ['search, a word in every one', owner, of(big, 'q=appointment')],
    ['the same, second page', owner, nextOf(await get(owner, of(big, 'q=appointment')))],
    ['the same, of a small client', owner, of(small, 'q=appointment')],
    ['the same, by outcome', owner, of(big, 'q=appointment&outcome=failed')],
    ['the same, by date', owner, of(big, `q=appointment&from=${days(30)}&until=${days(20)}`)],
    ['search, two words in every one', owner, of(big, 'q=appointment+like')],
    ['search, a word in some', owner, of(big, 'q=word200')],
    ['search, a word in none', owner, of(big, 'q=nobody')],
    ['search, an unwanted word beside', owner, of(big, 'q=appointment+-word3')],
    ['search, nothing but an unwanted word', owner, of(big, 'q=-word3')],
    ['search, a phrase in every one', owner, of(big, 'q=%22would+like+an+appointment%22')],
    ['search, an unwanted word in every one', owner, of(big, 'q=-appointment')],
    ['search, a phrase, beside a word in some', owner, of(big, 'q=%22would+like%22+word200')],
    ['search, an unwanted phrase', owner, of(big, 'q=-%22word1+word2%22')],
    ['search, an unwanted phrase in every one', owner, of(big, 'q=-%22would+like%22')],
    ['search, two words', owner, of(big, 'q=word3+word40')],
    ['search, a rare word', owner, of(big, 'q=word19990')],
    ['search, a phrase', owner, of(big, 'q=%22word1+word2%22')],
    ['one conversation', owner, `/api/conversations/${detail}`],
    ["another's conversation (404)", stranger, `/api/conversations/${detail}`],
    ['one that never was (404)', stranger, `/api/conversations/${newId(0)}`],
    ["another's list (404)", stranger, of(big, '')],
    ['one of no client (404)', stranger, of(newId(0), '')],
    ['messages, 50', owner, `/api/clients/${big}/messages`],
    ['bookings', owner, `/api/clients/${big}/bookings`],
    ['deliveries', owner, `/api/clients/${big}/deliveries`],
    ['notices', owner, '/api/notices'],
    ["a user's own sessions", owner, '/api/users/history'],
    ['active calls', owner, '/api/active-calls'],
    ['active calls of all owners', admin, '/api/active-calls'],
    ['conversations of everybody', admin, '/admin/conversations'],
    ['the same, 100, offset 9,000', admin, '/admin/conversations?limit=100&offset=9000'],
    ['those to look at', admin, '/admin/conversations?problems=true'],
    ['those of a user', admin, `/admin/conversations?user_id=${owner.id}`],
    ['search in all, a word in every one', admin, '/admin/conversations/search?query=appointment'],
    ['search in all, a word in some', admin, '/admin/conversations/search?query=word200'],
    ['search in all, a rare word', admin, '/admin/conversations/search?query=word19990'],
    ['search in all, a word in none', admin, '/admin/conversations/search?query=nobody'],
    [
      'search in all, nothing but an unwanted word',
      admin,
      '/admin/conversations/search?query=-word3',
    ],
    [
      'search in all, an unwanted word in every one',
      admin,
      '/admin/conversations/search?query=-appointment',
    ],
    [
      'search in all, a phrase in every one',
      admin,
      '/admin/conversations/search?query=%22would+like+an%22',
    ],
    ['search in all, a phrase', admin, '/admin/conversations/search?query=%22word1+word2%22'],
    ['users', admin, '/admin/users'],
    [
      'a month of a small client (analytics)',
      owner,
      `/api/clients/${small}/analytics?from=${days(30).slice(0, 10)}&until=${days(0).slice(0, 10)}`,
    ],
    [
      'a month of a big client (analytics)',
      owner,
      `/api/clients/${big}/analytics?from=${days(30).slice(0, 10)}&until=${days(0).slice(0, 10)}`,
    ],
  ];
  const only = process.argv.includes('--searches') ? /search|^the same, (sec|of|by)/ : /./;
  for (const [name, who, path] of asked.filter(([each]) => only.test(each))) {
    const times: number[] = [];
    for (let round = -10; round < ROUNDS; round += 1) {
      const startedAt = performance.now();
      const answer = await get(who, path);
      const text = await answer.text();
      if (round >= 0) times.push(performance.now() - startedAt);
      assert.equal(answer.status, who === stranger ? 404 : 200, text);
    }
    const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
    const over = p95 > BUDGET_MS ? '  over budget' : '';
    console.log(
      `${name.padEnd(44)} ${p50.toFixed(1).padStart(7)} ms median ${p95.toFixed(1).padStart(7)} ms p95${over}`,
    );
  }
}
