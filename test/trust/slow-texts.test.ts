// Texts made to be slow to look through (T72): whoever sends one waits for it alone, and not all calls of the process.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDays } from '../../src/calendar/wording/day-words.ts';
import { parseClock } from '../../src/calendar/wording/clock-words.ts';
import { parseCsv } from '../../src/lib/csv.ts';
import { sniffAudio } from '../../src/pipeline/audio/container.ts';
import { dictatedIn, dictatedPhone } from '../../src/pipeline/dictation/confirmed-values.ts';
import { spelledIn } from '../../src/pipeline/dictation/spelled-words.ts';
import { emailsIn, withEmails } from '../../src/pipeline/dictation/spoken-emails.ts';
import { completeness } from '../../src/pipeline/hearing/completeness.ts';
import { listeningWords } from '../../src/pipeline/languages/find-language.ts';
import { machineSpeechOf } from '../../src/pipeline/machines/machine-speech.ts';
import { sentences } from '../../src/pipeline/speaking/sentences.ts';
import { spokenForm } from '../../src/pipeline/spoken-form/spoken-form.ts';
import { passagesOf } from '../../src/reception/tools/knowledge.ts';

/** Twice what a chat takes at once; what is said aloud in one piece may be longer still. */
const CHARACTERS = 20_000;
/** Twenty times what the slowest takes; what is looked through again and again takes many seconds, or minutes. */
const CPU_MS = 2000;

/** Each over and over: what patterns try to begin with, and what they go back over. */
const pieces = [
  ...Array.from('a1日é😀 \n"\'*_`[(<#|-.,!?@+/\\'),
  'a. ',
  'a@',
  'a.',
  '1-',
  '1,',
  '1/',
  '@a.',
  '**',
  '""',
  '](',
  'a at b dot ',
  'my name is ',
  'double ',
  'Mr. ',
];

const words = listeningWords('en-US');
const speak = spokenForm('en-US', [], () => true);
const mail = withEmails('en-US');

const looks: Readonly<Record<string, (text: string) => unknown>> = {
  sentences: async (text) => {
    // No piece is too long for its spoken form.
    for await (const piece of sentences(once(text))) speak(piece);
  },
  dictatedIn,
  dictatedPhone: (text) => dictatedPhone(text, 'en-US'),
  emailsIn: (text) => emailsIn(text, words, true),
  withEmails: (text) => mail(text, 'What is your e-mail address?'),
  spelledIn,
  completeness: (text) => completeness(text, words, { what: 'email' }),
  parseDays: (text) => parseDays(text, '2027-03-01'),
  parseClock,
  machineSpeechOf,
  passagesOf,
  parseCsv: (text) => parseCsv(text, 1000),
};

test('a recording that consists of empty pieces', () => {
  const wave = Buffer.alloc(25_000_000);
  wave.write('RIFF\0\0\0\0WAVE', 'latin1');
  const before = process.cpuUsage();
  assert.equal(sniffAudio(wave)?.durationMs, undefined);
  const { user } = process.cpuUsage(before);
  assert.ok(user / 1000 < 200, `${user / 1000} ms`);
});

for (const [name, look] of Object.entries(looks)) {
  test(name, async () => {
    for (const piece of pieces) {
      const text = piece.repeat(CHARACTERS / piece.length);
      const before = process.cpuUsage();
      await look(text);
      const { user } = process.cpuUsage(before);
      assert.ok(user / 1000 < CPU_MS, `${JSON.stringify(piece)}: ${user / 1000} ms`);
    }
  });
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
