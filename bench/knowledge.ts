// What it costs to look something up: 50 clients with as much knowledge as fits, questions of frequent, seldom and unknown words.

import { systemClock } from '../src/lib/clock.ts';
import { newId } from '../src/lib/ids.ts';
import { findPassages, openKnowledge, passagesOf } from '../src/reception/tools/knowledge.ts';
import { insertSection } from '../src/store/clients/knowledge.ts';
import { bookingClient } from '../test/support/bookings/booking-client.ts';
import { testDatabase } from '../test/support/database/database.ts';
import { printFigures, printMachine } from './support/measure.ts';

const CLIENTS = 50;
const SECTIONS = 30;
/** With the title just below what one client may have in all. */
const SECTION_CHARACTERS = 9900;
const ROUNDS = 300;

const test = await testDatabase();
const sql = test.database.calls;
try {
  printMachine();
  const clients: string[] = [];
  for (let client = 0; client < CLIENTS; client += 1) {
    const clientId = await bookingClient(sql);
    clients.push(clientId);
    for (let number = 0; number < SECTIONS; number += 1) {
      const text = textOf();
      const section = { id: newId(systemClock.now()), clientId, title: `Page ${number}`, text };
      await insertSection(sql, { ...section, position: number }, passagesOf(text));
    }
  }
  await sql`ANALYZE`;
  const questions: [name: string, ask: () => string][] = [
    ['two seldom words', () => `what is ${word(20_000)} and ${word(20_000)}`],
    [
      'ten words, frequent ones among them',
      () => Array.from({ length: 10 }, () => word()).join(' '),
    ],
    ['the three most frequent words', () => 'word0 word1 word2'],
    ['words that are not there', () => 'xylophone quartet'],
  ];
  for (const [name, ask] of questions) {
    const times: number[] = [];
    for (let round = -20; round < ROUNDS; round += 1) {
      const clientId = clients[Math.abs(round) % CLIENTS]!;
      const question = ask();
      const startedAt = performance.now();
      await findPassages(sql, clientId, question);
      if (round >= 0) times.push(performance.now() - startedAt);
    }
    printFigures(`look up: ${name}`, times, 'ms');
  }
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    await openKnowledge(sql, clients[round % CLIENTS]!);
    times.push(performance.now() - startedAt);
  }
  printFigures('beginning of a call', times, 'ms');
} finally {
  await test.close();
}

/** A few words often, most of them seldom, as people use them. */
function word(most = 20_000 * Math.random() ** 3): string {
  return `word${Math.floor(most === 20_000 ? Math.random() * most : most)}`;
}

function textOf(): string {
  let text = '';
  while (text.length < SECTION_CHARACTERS - 200) {
    text += `${Array.from({ length: 12 }, () => word()).join(' ')}. `;
    if (Math.random() < 0.2) text += '\n\n';
  }
  return text;
}
