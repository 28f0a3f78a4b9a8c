// Test files that share a process: each has its own hooks, and what one does wrong fails the run but stops none of the others.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../scripts/run-together.ts', import.meta.url));
const head = `import { after, beforeEach, test } from 'node:test';\n`;

/** Runs files with these contents, in order; its exit code and the lines that start with a word of ours. */
function run(contents: readonly string[]): { code: number | null; said: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'frontdesk-together-'));
  try {
    const files = contents.map((text, index) => {
      const file = join(folder, `${index}.test.mjs`);
      writeFileSync(file, head + text);
      return file;
    });
    const env = { ...process.env };
    // Otherwise it speaks to the runner of this test.
    delete env['NODE_TEST_CONTEXT'];
    const { status, stdout } = spawnSync(process.execPath, [program, ...files], { env });
    const said = stdout.toString().match(/^says .*$/gm) ?? [];
    return { code: status, said: said.map((line) => line.slice('says '.length)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const file = (name: string) => `
  const say = (text) => process.stdout.write('says ' + text + '\\n');
  beforeEach(() => say('before ${name}'));
  after(() => say('after ${name}'));
  await Promise.resolve();
  test('${name}', () => say('${name}'));
`;

test('one after the other, each with its own hooks', () => {
  const { code, said } = run([file('a'), '', file('b')]);
  assert.equal(code, 0);
  assert.deepEqual(
    said.filter((line) => !line.startsWith('before')),
    ['a', 'after a', 'b', 'after b'],
  );
  assert.ok(said.indexOf('before b') > said.indexOf('after a'));
  assert.ok(said.lastIndexOf('before a') < said.indexOf('after a'));
});

test('a file that cannot be loaded, a test that fails: the others run, and the run has failed', () => {
  const lost = `throw new Error('cannot be loaded');`;
  const failing = `test('fails', () => { throw new Error('on purpose'); });`;
  for (const wrong of [lost, failing]) {
    const { code, said } = run([wrong, file('b')]);
    assert.equal(code, 1);
    assert.ok(said.includes('after b'));
  }
});
