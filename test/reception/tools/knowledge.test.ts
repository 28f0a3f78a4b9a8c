// What the receptionist knows: told when it is short, looked up when it is long, found by what callers ask.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/lib/ids.ts';
import type { ToolContext } from '../../../src/pipeline/types.ts';
import { openKnowledge, passagesOf } from '../../../src/reception/tools/knowledge.ts';
import { insertSection } from '../../../src/store/clients/knowledge.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { bookingClient } from '../../support/bookings/booking-client.ts';
import { testDatabase } from '../../support/database/database.ts';

const filler =
  'Our practice cares for your teeth. The practice is open to everybody. We answer questions. '.repeat(
    9,
  );

async function add(sql: Sql, clientId: string, title: string, text: string): Promise<void> {
  await insertSection(sql, { id: newId(0), clientId, title, text, position: 0 }, passagesOf(text));
}

test('a text is cut where its thoughts end', () => {
  const long = 'word '.repeat(100).trim();
  const cases: [name: string, text: string, lengths: number[]][] = [
    ['short', ' One thought. ', [12]],
    ['paragraphs that fit together', 'One.\n\nTwo.', [10]],
    ['paragraphs that do not', `${long}\n\n${long}`, [499, 499]],
    ['sentences', `${long}. ${long}.`, [500, 500]],
    ['one endless sentence', `${long} ${long}`, [699, 299]],
    ['no space at all', 'x'.repeat(1500), [700, 700, 100]],
  ];
  for (const [name, text, lengths] of cases) {
    const passages = passagesOf(text);
    const found = passages.map(({ length }) => length);
    assert.deepEqual(found, lengths, name);
    const bare = (all: string) => all.replaceAll(/\s/g, '');
    assert.equal(bare(passages.join('')), bare(text), `${name}: nothing is lost`);
  }
});

test('a short text is told, a long one is looked up, and without one there is neither', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  assert.deepEqual(await openKnowledge(sql, clientId), { told: undefined, tool: undefined });
  await add(sql, clientId, 'Parking', 'Behind the house.');
  const short = await openKnowledge(sql, clientId);
  assert.match(short.told!, /Parking: Behind the house\./);
  assert.equal(short.tool, undefined);
  await add(sql, clientId, 'About us', filler.repeat(5));
  const long = await openKnowledge(sql, clientId);
  assert.equal(long.told, undefined);
  assert.equal(long.tool?.name, 'look_up');
});

test('a question finds the passage that answers it, of its own business only', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const [clientId, other] = [await bookingClient(sql), await bookingClient(sql)];
  await add(sql, other, 'Parking', 'Only for the other business.');
  for (let number = 0; number < 20; number += 1) {
    await add(sql, clientId, `About us ${number}`, filler);
  }
  await add(sql, clientId, 'Parking', 'Cars may be left behind the practice, free for an hour.');
  await add(
    sql,
    clientId,
    'Prices',
    'A cleaning is 90 dollars. Whitening the teeth is 300 dollars.',
  );
  await add(sql, clientId, 'Dogs', 'Guide dogs are welcome in the practice.');
  const { tool } = await openKnowledge(sql, clientId);
  const lookUp = async (question: string) => {
    const { text } = await tool!.run({ question }, { clientId } as ToolContext);
    return JSON.parse(text) as { passages: { title: string; text: string }[]; hint?: string };
  };
  const cases: [question: string, title: string][] = [
    ['Where can I park my car?', 'Parking'],
    ['how much does whitening cost in your practice', 'Prices'],
    ['is my dog allowed', 'Dogs'],
    ['PRICES', 'Prices'],
  ];
  for (const [question, title] of cases) {
    const { passages } = await lookUp(question);
    assert.equal(passages[0]?.title, title, question);
    assert.ok(passages.length <= 4);
    assert.ok(!JSON.stringify(passages).includes('other business'));
  }
  for (const question of [
    'xylophone',
    'what is the',
    "'); DROP TABLE knowledge; --",
    '& | ! : *',
  ]) {
    assert.match((await lookUp(question)).hint!, /Nothing is known/, question);
  }
});

test('words are found by the stems of the language, also after it has changed', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  await add(sql, clientId, 'Preise', 'Die Häuser kosten viel.');
  await add(sql, clientId, 'Mehr', filler.repeat(6));
  const { tool } = await openKnowledge(sql, clientId);
  const titles = async () => {
    const { text } = await tool!.run({ question: 'ein Haus' }, { clientId } as ToolContext);
    return (JSON.parse(text) as { passages: { title: string }[] }).passages.map(
      (each) => each.title,
    );
  };
  assert.deepEqual(await titles(), []);
  await sql`UPDATE clients SET language = 'de-DE' WHERE id = ${clientId}`;
  assert.deepEqual(await titles(), ['Preise']);
});
