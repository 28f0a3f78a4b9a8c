// Searches of conversations against a plain reading of every word, over random conversations, questions, filters and pages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { newId } from '../../../src/lib/ids.ts';
import { listConversations } from '../../../src/store/conversations/conversation-list.ts';
import type { ConversationFilter } from '../../../src/store/conversations/conversation-list.ts';
import type { Keyset } from '../../../src/store/database/keyset.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { testDatabase } from '../../support/database/database.ts';
import { saveTestClient } from '../../support/product/test-client.ts';

/** In all conversations, in most, in some, in few, in none. */
const vocabulary = ['hello', 'crown', 'monday', 'dentist', 'zebra'] as const;
const chances = [1, 0.7, 0.3, 0.05, 0];
const outcomes = ['booked', 'answered', 'failed'] as const;
const MANY = 240;
const FEW = 12;
const QUESTIONS = 250;
const FIRST = Date.parse('2027-03-01T15:00:00Z');

interface Spoken {
  readonly id: string;
  readonly clientId: string;
  readonly atMs: number;
  readonly outcome: string;
  /** None of a call that is still running: it is not searched. */
  readonly words: readonly string[] | undefined;
}

/** One term: a word or several in a row, wanted or not. */
interface Term {
  readonly words: readonly string[];
  readonly unwanted: boolean;
}

/** Alternatives, each of terms that must all hold. */
type Question = readonly (readonly Term[])[];

const word = fc.constantFrom(...vocabulary);
const term = fc.record({
  words: fc.oneof(
    { weight: 3, arbitrary: fc.tuple(word) },
    { weight: 1, arbitrary: fc.array(word, { minLength: 2, maxLength: 3 }) },
  ),
  unwanted: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
});
const alternatives = (maxLength: number) =>
  fc.array(fc.array(term, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength });
const asked = fc.record({
  question: fc.oneof(
    { weight: 9, arbitrary: alternatives(2) },
    { weight: 1, arbitrary: alternatives(7) },
  ),
  client: fc.nat({ max: 1 }),
  outcome: fc.option(fc.constantFrom(...outcomes), { nil: undefined, freq: 1 }),
  fromMinute: fc.option(fc.nat({ max: MANY }), { nil: undefined, freq: 1 }),
  untilMinute: fc.option(fc.nat({ max: MANY }), { nil: undefined, freq: 1 }),
  limit: fc.integer({ min: 20, max: 100 }),
  offset: fc.nat({ max: 30 }),
});

test('a search finds what a plain reading finds, in the same order, page by page', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clients = [await saveTestClient(sql, newId(0)), await saveTestClient(sql, newId(0))];
  const all = clients.flatMap(({ id }, n) => invent(id, n === 0 ? MANY : FEW));
  await save(sql, all);
  const seen = { none: 0, some: 0, pages: 0 };
  await fc.assert(
    fc.asyncProperty(asked, async (given) => {
      const { question, outcome, limit, offset } = given;
      const clientId = clients[given.client]!.id;
      const moment = (minute: number | undefined) =>
        minute === undefined ? undefined : new Date(FIRST + minute * 60_000);
      const [from, until] = [moment(given.fromMinute), moment(given.untilMinute)];
      const expected = all
        .filter((each) => each.clientId === clientId && holds(question, each.words))
        .filter((each) => outcome === undefined || each.outcome === outcome)
        .filter((each) => from === undefined || each.atMs >= from.getTime())
        .filter((each) => until === undefined || each.atMs < until.getTime())
        .toSorted((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1))
        .map(({ id }) => id);
      const words = textOf(question);
      const filter = { clientId, outcome, from, until, words };
      const found = await pages(sql, filter, limit, expected.length);
      assert.deepEqual(found.ids, expected, words);
      const skipped = await listConversations(sql, filter, { limit, offset });
      const ids = skipped.rows.map(({ id }) => id);
      assert.deepEqual(ids, expected.slice(offset, offset + limit), words);
      seen[expected.length === 0 ? 'none' : 'some'] += 1;
      seen.pages += found.pages;
    }),
    { numRuns: QUESTIONS },
  );
  t.diagnostic(JSON.stringify(seen));
  assert.ok(seen.some > QUESTIONS / 5 && seen.pages > QUESTIONS, 'the questions find something');
});

/** All pages, by their cursors. Each says how many there are in all. */
async function pages(sql: Sql, filter: ConversationFilter, limit: number, total: number) {
  const ids: string[] = [];
  let after: Keyset | undefined;
  let read = 0;
  do {
    const page = await listConversations(sql, filter, { limit, offset: 0, after });
    assert.equal(page.total, total, `of ${filter.words}`);
    ids.push(...page.rows.map(({ id }) => id));
    after = page.next;
    read += 1;
  } while (after);
  return { ids, pages: read };
}

function textOf(question: Question): string {
  const terms = (group: readonly Term[]) =>
    group.map(({ words, unwanted }) => {
      const text = words.join(' ');
      return `${unwanted ? '-' : ''}${words.length > 1 ? `"${text}"` : text}`;
    });
  return question.map((group) => terms(group).join(' ')).join(' or ');
}

function holds(question: Question, said: readonly string[] | undefined): boolean {
  if (said === undefined) return false;
  return question.some((group) =>
    group.every(({ words, unwanted }) => standsIn(words, said) !== unwanted),
  );
}

function standsIn(words: readonly string[], said: readonly string[]): boolean {
  return said.some((_, at) => words.every((each, n) => said[at + n] === each));
}

/** Three in the same instant each, so that the order needs the id; the newest few still run. */
function invent(clientId: string, count: number): Spoken[] {
  const random = randomNumbers(count);
  return Array.from({ length: count }, (_, n) => {
    const words = vocabulary.filter((_word, k) => random() < chances[k]!);
    const twice = [...words, ...words]
      .map((each) => [random(), each] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, each]) => each);
    return {
      id: newId(0),
      clientId,
      atMs: FIRST + Math.floor(n / 3) * 3 * 60_000,
      outcome: outcomes[n % outcomes.length]!,
      words: n >= count - 4 ? undefined : twice,
    };
  });
}

/** The same in every run, so that a question that fails can be asked again. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

async function save(sql: Sql, spoken: readonly Spoken[]): Promise<void> {
  for (const { id, clientId, atMs, outcome, words } of spoken) {
    const at = new Date(atMs);
    await sql`
      INSERT INTO conversations (id, client_id, channel, call_sid, started_at, created_at, outcome)
      VALUES (${id}, ${clientId}, 'phone', ${`CA${id}`}, ${at}, ${at}, ${outcome})`;
    for (const [turn, content] of halves(words ?? vocabulary).entries()) {
      await sql`
        INSERT INTO utterances (conversation_id, turn_number, role, content, at)
        VALUES (${id}, ${turn}, 'user', ${content}, ${at})`;
    }
  }
  const ended = spoken.filter(({ words }) => words !== undefined).map(({ id }) => id);
  await sql`UPDATE conversations SET ended_at = created_at WHERE id = ANY (${ended}::uuid[])`;
  await sql`ANALYZE conversations`;
}

/** Said in two utterances: what stands on both sides of the join is found as a phrase, too. */
function halves(words: readonly string[]): string[] {
  const middle = Math.ceil(words.length / 2);
  return [words.slice(0, middle).join(' '), words.slice(middle).join(' ')];
}
