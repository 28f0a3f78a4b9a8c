// Holds the project's shape: every file keeps the rules of support/tidy-rules.ts, has its test, and can be installed.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { missingFromLock } from '../scripts/lock-file.ts';
import type { LockFile } from '../scripts/lock-file.ts';
import { complaints } from './support/tidy-rules.ts';
import { testedWith } from './support/tested-with.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const folders = ['src', 'sandbox', 'scripts', 'bench', 'test', 'sql'];
/** Faults are planted here. */
const planted = 'test/tidy-rules.test.ts';

function listFiles(): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        `${folder}/${file}`.replaceAll('\\', '/'),
      ),
    )
    .filter((file) => /\.(tsx?|sql)$/.test(file))
    .toSorted();
}

const files = listFiles();

test('every file keeps the rules', () => {
  const found = files
    .filter((file) => file !== planted)
    .flatMap((file) =>
      complaints(file, readFileSync(join(root, file), 'utf8')).map((rule) => `${file}: ${rule}`),
    );
  assert.deepEqual(found, []);
});

test('every file of src has its test, or is covered by that of a whole', () => {
  const sources = files.filter((file) => file.startsWith('src/') && !file.endsWith('.d.ts'));
  const without = sources
    .map((file) => file.slice('src/'.length))
    // Pages run in a browser only: the tests in test/dashboard open every one.
    .filter((file) => !file.startsWith('dashboard/'))
    .filter((file) => !files.includes(`test/${file.replace(/\.tsx?$/, '.test.ts')}`));
  const covered = Object.values(testedWith).flat();
  assert.deepEqual(
    without.filter((file) => !covered.includes(file)),
    [],
  );
  assert.deepEqual(
    covered.filter((file) => !without.includes(file)),
    [],
    'these have a test now, or are gone: take them off the list',
  );
  const tests = Object.keys(testedWith).filter((name) => name !== 'nothing runs');
  assert.deepEqual(
    tests.filter((name) => !files.includes(name)),
    [],
    'these tests are gone',
  );
});

test('the lock file lists the binaries of every platform: `npm ci` refuses it otherwise', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  assert.deepEqual(missingFromLock(lock), [], 'run: node scripts/complete-lock.ts');
  const { 'node_modules/@deno/darwin-arm64': one, ...packages } = lock.packages;
  assert.ok(one);
  assert.deepEqual(
    missingFromLock({ packages }).map(({ name }) => name),
    ['@deno/darwin-arm64'],
  );
});
