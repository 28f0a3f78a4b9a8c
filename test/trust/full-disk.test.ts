// A full disk under the embedded database (T08): calls go on, new ones are sent to a person, and freed space is all it takes.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseTwiml } from '../../sandbox/phone/twiml.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { quietLog } from '../../src/lib/log.ts';
import { startEmbedded } from '../../src/store/database/embedded/embedded.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import {
  assertBilled,
  assertSound,
  eventually,
  finished,
  greeted,
} from '../support/product/after-call.ts';
import { carrierPost, ringFields } from '../support/product/carrier.ts';
import { sqlDirectory } from '../support/database/database.ts';
import { guardFolder } from '../support/database/database-server.ts';
import { startTestFrontdesk } from '../support/product/frontdesk.ts';
import { tempFolder } from '../support/database/test-server.ts';

const DISK_BYTES = 256 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
const fallbackNumber = '+12025550188';
const meter = {
  beatMs: 500,
  beatJitterMs: 50,
  headroomSeconds: 3,
  startSecondsMin: 1,
  wrapUpMs: 1500,
  graceMs: 60_000,
};

/** A disk of its own, or nothing where we may not mount one. */
function mountDisk(folder: string): boolean {
  const options = ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder];
  return spawnSync('mount', options).status === 0;
}

/** To the last byte. */
function fill(file: string): void {
  for (let bytes = PIECE_BYTES; bytes >= 1; bytes /= 2) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(bytes, 1), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

test('the disk is full in the middle of a call, and has room again', async (t) => {
  const disk = tempFolder('frontdesk-disk-');
  // What was begun last ends first.
  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  stack.defer(() => rmSync(disk, { recursive: true, force: true }));
  if (!mountDisk(disk)) return t.skip('a disk can be mounted by root on Linux only');
  stack.defer(() => void spawnSync('umount', ['-l', disk]));
  await guardFolder(disk);
  const dataDir = path.join(disk, 'data');
  const common = { clock: systemClock, log: quietLog };
  const embedded = await startEmbedded({
    ...common,
    dataDir,
    dataDirWasSet: true,
    progress: () => {},
  });
  stack.defer(() => embedded.stop());
  const { connection } = embedded;
  await migrate({ ...common, connection, directory: sqlDirectory });
  const within = { after: (act: () => Promise<void>) => stack.defer(act) };
  const f = await startTestFrontdesk(within, {
    connection,
    client: { fallbackNumber },
    timers: { meter },
  });
  const call = f.call();
  await greeted(call);

  const ballast = path.join(disk, 'ballast');
  fill(ballast);
  // What is written goes into space that is there already, for a while: until its log needs another file.
  const sql = f.database.general;
  await eventually('a database that can write no more', () =>
    sql`SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)), pg_switch_wal()`.then(
      () => undefined,
      () => true as const,
    ),
  );
  const fields = ringFields(f, { from: '+14155550100', to: f.client.number });
  const answer = await carrierPost(f, { path: '/voice', fields });
  assert.equal(answer.status, 200);
  assert.ok(answer.elapsedMs < 5000, `${answer.elapsedMs} ms`);
  assert.deepEqual(
    parseTwiml(answer.text).children.map(({ name }) => name),
    ['Say', 'Dial'],
  );
  f.says.push('when do you open');
  f.openai.script('We open at nine.');
  await call.say(f.voice('when do you open'));
  await call.reply(700, 60_000);
  assert.equal((await fetch(`${f.publicUrl}/ready`)).status, 503);

  rmSync(ballast);
  await eventually('a server that is ready', async () =>
    (await fetch(`${f.publicUrl}/ready`)).status === 200 ? true : undefined,
  );
  call.hangUp();
  const record = await finished(f, call);
  assert.equal(record.conversation.endReason, 'caller');
  assertBilled(record, record.summary.connectedMs);
  assert.ok(record.utterances.some(({ content }) => content === 'We open at nine.'));
  await assertSound(f);
});
