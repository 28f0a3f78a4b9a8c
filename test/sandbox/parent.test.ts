// The sandbox ends with its parent, whichever way that goes.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const child = fileURLToPath(new URL('parent-child.ts', import.meta.url));
const flags = 'Deno' in globalThis ? ['run', '-A', '--no-check'] : [];

/** Starts it and waits for its first line; gives all lines so far as they come. */
async function start(
  stdin: 'pipe' | 'ignore',
): Promise<{ process: ChildProcess; lines: string[] }> {
  const started = spawn(process.execPath, [...flags, child], { stdio: [stdin, 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: started.stdout! });
  reader.on('line', (line) => lines.push(line));
  await once(reader, 'line');
  return { process: started, lines };
}

test('it ends when its input closes, but not by Ctrl-C, which is its parent to take', async () => {
  const { process: started, lines } = await start('pipe');
  started.kill('SIGINT');
  started.stdin!.end();
  // Its last words tell that it outlived the signal; Deno reports the signal as the cause of any later end.
  await once(started, 'close');
  assert.deepEqual(lines, ['running', 'the input was closed']);
});

test('by hand, without a pipe, it goes on until it is told', async () => {
  const { process: started, lines } = await start('ignore');
  started.kill('SIGTERM');
  await once(started, 'close');
  assert.deepEqual(lines, ['running', 'SIGTERM']);
});

test('it ends when its parent is killed', async () => {
  // The parent in between holds no pipe of the child's, so only its death can tell.
  const between = `
    const { spawn } = require('node:child_process');
    spawn(process.execPath, ${JSON.stringify([...flags, child])}, { stdio: ['ignore', 'inherit', 'inherit'] });
  `;
  const parent = spawn(process.execPath, [...(flags.length > 0 ? ['eval'] : ['-e']), between], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: parent.stdout });
  reader.on('line', (line) => lines.push(line));
  await once(reader, 'line');
  parent.kill('SIGKILL');
  await once(reader, 'close');
  assert.deepEqual(lines, ['running', 'the parent process has ended']);
});
