// The runner of all test files: a file that ends its process, or never ends, is named, and takes no other along.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fine = `test('fine', () => {});`;

/** Runs files with these contents; its exit code and what it says. */
function run(t: { after(act: () => void): void }, contents: Record<string, string>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'frontdesk-runner-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const files = Object.entries(contents).map(([name, text]) => {
    const file = path.join(folder, `${name}.test.mjs`);
    writeFileSync(file, `import { test } from 'node:test';\n${text}\n`);
    return path.relative(root, file);
  });
  const env = { ...process.env };
  // Otherwise it speaks to the runner of this test.
  delete env['NODE_TEST_CONTEXT'];
  const args = ['scripts/run-tests.ts', '--timeout=1000', ...files];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, env });
  return { code: status, said: stdout.toString() };
}

test('a file that ends its process is named, and those that shared it run all the same', (t) => {
  const ends = `test('outer', async (t) => {
    await t.test('inner', () => process.exit(3));
  });`;
  const { code, said } = run(t, { a: fine, b: ends, c: fine, d: fine });
  assert.equal(code, 1);
  assert.match(said, /✖ \S+b\.test\.mjs/);
  assert.equal(said.match(/✔ fine/g)?.length, 3);
});

test('a file that keeps its process after its test has failed is ended, and the test is named', (t) => {
  const hangs = `test('waits', async () => {
    (await import('node:http')).createServer().listen(0);
    await new Promise(() => {});
  });`;
  const { code, said } = run(t, { a: hangs });
  assert.equal(code, 1);
  assert.match(said, /✖ waits/);
});
