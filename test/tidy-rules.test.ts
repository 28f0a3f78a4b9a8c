// The rules of the project's shape see what breaks them: one planted fault for each.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints } from './support/tidy-rules.ts';

const head = '// A file.\n';
const planted: readonly [file: string, text: string, complaint: RegExp][] = [
  ['src/lib/a.ts', 'export const a = 1;\n', /first line/],
  ['src/lib/a.ts', '// a file\nexport const a = 1;\n', /first line/],
  ['sql/0009_a.sql', '// A file.\n', /first line/],
  ['src/lib/a.ts', head + '\n'.repeat(400), /400 lines/],
  ['src/lib/aB.ts', head, /kebab-case/],
  ['src/lib/index.ts', head, /index/],
  ['src/lib/a.ts', `${head}export default 1;\n`, /defaults/],
  [
    'src/lib/a.ts',
    `${head}import { b } from '../store/b.ts';\n`,
    /lib may not import store\/b\.ts/,
  ],
  ['src/store/a.ts', `${head}import type { B } from '../pipeline/types.ts';\n`, /store may not/],
  ['src/calendar/a.ts', `${head}import { c } from '../pipeline/call.ts';\n`, /calendar may not/],
  ['src/calendar/a.ts', `${head}export * from '../http/server.ts';\n`, /calendar may not/],
  [
    'src/http/a.ts',
    `${head}const c = await import('../pipeline/tts/cartesia.ts');\n`,
    /only the pipe/,
  ],
  ['src/http/a.ts', `${head}import { config } from '../config.ts';\n`, /http may not/],
  ['src/http/a.ts', `${head}import {\n  a,\n  b,\n} from '../main.ts';\n`, /http may not/],
  ['src/new/a.ts', `${head}import { b } from '../lib/b.ts';\n`, /not in the table/],
  [
    'src/lib/a.ts',
    `${head}import { b } from '../../sandbox/b.ts';\n`,
    /src may not import sandbox/,
  ],
  [
    'sandbox/a.ts',
    `${head}import { b } from '../src/store/b.ts';\n`,
    /sandbox may not import store/,
  ],
  ['sandbox/a.ts', `${head}import twilio from 'twilio';\n`, /sandbox may not import twilio/],
  ['src/http/a.ts', `${head}import postgres from 'postgres';\n`, /not at home/],
  ['src/http/a.ts', `${head}import 'left-pad/register';\n`, /left-pad has no home/],
  ['src/http/a.ts', `${head}setTimeout(act, 5);\n`, /time is read/],
  ['src/http/a.ts', `${head}const now = new Date();\n`, /time is read/],
  ['src/http/a.ts', `${head}AbortSignal.any([a, b]);\n`, /Scope/],
  ['src/http/a.ts', `${head}process.env.PORT;\n`, /environment/],
  ['src/lib/a.ts', `${head}console.log(1);\n`, /print/],
  ['src/http/a.ts', `${head}await sql<Row[]>\`SELECT 1\`;\n`, /SQL lives/],
  ['src/store/a.ts', `${head}sql\`SELECT 1 FROM clients\n FOR UPDATE\`;\n`, /NO KEY/],
  ['sql/0009_a.sql', '-- A file.\nSELECT * FROM clients FOR UPDATE;\n', /NO KEY/],
  ['src/lib/a.ts', `${head}// TODO: more\n`, /for later/],
  ['test/a.test.ts', `${head}const file = '/home/me/a.wav';\n`, /one machine/],
  ['test/a.test.ts', `${head}test.only('a', () => {});\n`, /alone/],
  ['test/a.test.ts', `${head}setTimeout(done, 100);\n`, /not for time/],
  ['test/a.test.ts', `${head}await systemClock.sleep(100);\n`, /not for time/],
];

for (const [file, text, complaint] of planted) {
  test(`sees in ${file} ${JSON.stringify(text.slice(-50).trim())}`, () => {
    assert.match(complaints(file, text).join('\n'), complaint);
  });
}

test('finds nothing wrong where nothing is', () => {
  const text = `${head}
import postgres from 'postgres';
import { Scope } from '../lib/abort.ts';
import { b } from './b.ts';

/** A path of the interface, not of a machine. */
export const path = 'https://example.com/home/page';
const lock = sql\`SELECT 1 FROM clients FOR NO KEY UPDATE\`;
const other = sql\`SELECT 1 FROM bookings FOR UPDATE\`;
`;
  assert.deepEqual(complaints('src/store/database/sql.ts', text), []);
  assert.deepEqual(complaints('sql/0002_metering.sql', '-- A file.\nSELECT 1;\n'), []);
});
