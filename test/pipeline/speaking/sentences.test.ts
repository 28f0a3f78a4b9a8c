// Tokens in, speakable pieces out, as a table: numbers and abbreviations stay whole.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentences } from '../../../src/pipeline/speaking/sentences.ts';

async function* each(tokens: readonly string[]): AsyncGenerator<string> {
  yield* tokens;
}

/** The pieces of a text that comes character by character, trimmed. */
async function pieces(
  text: string,
  tokens: readonly string[] = Array.from(text),
): Promise<string[]> {
  const found: string[] = [];
  for await (const piece of sentences(each(tokens))) found.push(piece);
  assert.equal(found.join(''), text);
  return found.map((piece) => piece.trim());
}

const table: readonly [text: string, pieces: string[]][] = [
  ['Yes.', ['Yes.']],
  [
    'Ihr Termin ist morgen, den 27. November, um 10 Uhr. Bis dann.',
    ['Ihr Termin ist morgen,', 'den 27. November, um 10 Uhr.', 'Bis dann.'],
  ],
  ['Ja, am 3. Mai. Nein, um 4. Wir sind da.', ['Ja,', 'am 3. Mai.', 'Nein, um 4.', 'Wir sind da.']],
  ['Yes. We do.', ['Yes.', 'We do.']],
  ['Of course, I can help.', ['Of course,', 'I can help.']],
  ['We open at nine in the morning.', ['We open at nine', 'in the morning.']],
  [
    'One moment. Dr. Smith is in at 3.30 p.m. today.',
    ['One moment.', 'Dr. Smith is in at 3.30 p.m. today.'],
  ],
  [
    'Sure! The next slot is on Tuesday at 2:30 p.m. Shall I book it?',
    ['Sure!', 'The next slot is on Tuesday at 2:30 p.m. Shall I book it?'],
  ],
  ['That is 25 dollars, please.', ['That is 25 dollars,', 'please.']],
  ['That costs you about 1,250 dollars.', ['That costs you about 1,250 dollars.']],
  ['No. We are closed.', ['No.', 'We are closed.']],
  ['See No. 5. It is free.', ['See No. 5.', 'It is free.']],
  ['Con la Dra. López. Claro.', ['Con la Dra. López.', 'Claro.']],
  ['Ask Mr. Jones.\nHe knows.', ['Ask Mr. Jones.', 'He knows.']],
  ['He said "Stop." Then he left.', ['He said "Stop."', 'Then he left.']],
];

for (const [text, expected] of table) {
  test(`cuts: ${JSON.stringify(text)}`, async () => assert.deepEqual(await pieces(text), expected));
}

test('however the tokens fall, the pieces joined are the text', async () => {
  const text =
    'Well, yes: we have 3 slots. The first is at 9 a.m. on Monday, the second at 10. Which one?';
  for (const size of [1, 3, 7, 200]) {
    const tokens = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    const found = await pieces(text, tokens);
    assert.ok(found.length >= 2);
  }
});

test('the first piece leaves before the sentence has ended', async () => {
  const source = each(['The next ', 'free slot ', 'is on ', 'Tuesday.']);
  let taken = 0;
  const counted = (async function* () {
    for await (const token of source) {
      taken += 1;
      yield token;
    }
  })();
  const first = await sentences(counted).next();
  assert.equal(first.value, 'The next free slot ');
  assert.equal(taken, 3);
});

test('a sentence that never ends is cut, and nothing but white space is nothing', async () => {
  const endless = Array.from({ length: 200 }, (_, index) => `word${'x'.repeat(index % 5)}`).join(
    ' ',
  );
  const found = await pieces(endless);
  assert.ok(found.every((piece) => piece.length <= 300));
  const blank: string[] = [];
  for await (const piece of sentences(each([' ', '\n']))) blank.push(piece);
  assert.deepEqual(blank, []);
});
