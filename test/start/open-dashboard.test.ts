// The dashboard is built when it is missing, once, also by two who need it at the same time.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { systemClock } from '../../src/lib/clock.ts';
import { quietLog } from '../../src/lib/log.ts';
import { openDashboard } from '../../src/start/open-dashboard.ts';

/** The script of the first page, compressed as browsers get it. */
const FIRST_LOAD_BYTES_MAX = 200_000;

test('a folder of files, complete, within its budget, and there the next time', async (t) => {
  const lines: string[] = [];
  const parts = { clock: systemClock, log: quietLog, progress: (line: string) => lines.push(line) };
  const [directory, other] = await Promise.all([openDashboard(parts), openDashboard(parts)]);
  assert.ok(directory, lines.join('\n'));
  assert.equal(other, directory);
  const told = lines.length;
  assert.equal(await openDashboard(parts), directory);
  assert.equal(lines.length, told, 'the second time nothing is built');
  assert.equal(
    readdirSync(path.dirname(directory)).filter((name) => name.includes('.')).length,
    0,
    'no draft is left behind',
  );

  const html = readFileSync(path.join(directory, 'index.html'), 'utf8');
  assert.doesNotMatch(html, /<script(?![^>]*src=)|<style|\son\w+=/, 'nothing inline');
  const first = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, file]) =>
    path.join(directory, file!),
  );
  assert.ok(first.length > 0);
  let bytes = 0;
  for (const file of first) {
    assert.ok(
      existsSync(`${file}.br`) || readFileSync(file).length < 1024,
      `${file} is compressed`,
    );
    const packed = existsSync(`${file}.br`) ? readFileSync(`${file}.br`) : readFileSync(file);
    if (existsSync(`${file}.br`)) {
      assert.deepEqual(brotliDecompressSync(packed), readFileSync(file));
    }
    bytes += packed.length;
  }
  t.diagnostic(`first load: ${bytes} bytes of compressed script in ${first.length} files`);
  assert.ok(bytes < FIRST_LOAD_BYTES_MAX, `${bytes} bytes`);
});
