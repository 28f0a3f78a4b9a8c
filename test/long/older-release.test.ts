// A deploy of this release beside the one before its newest migration (T12): who talks to the older one talks on, and pays what they talked.

import assert from 'node:assert/strict';
import { globSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { quietLog } from '../../src/lib/log.ts';
import { openDatabase } from '../../src/store/database/sql.ts';
import type * as TestClients from '../support/product/test-client.ts';
import { assertBilled, greeted, recordOf } from '../support/product/after-call.ts';
import { emptyDatabase } from '../support/database/database.ts';
import { freePort } from '../support/free-port.ts';
import { openFront } from '../support/servers/front.ts';
import { unpackOlderRelease } from '../support/database/older-release.ts';
import { startRig } from '../support/product/rig.ts';
import { startServerProcess } from '../support/product/server-process.ts';
import { tempFolder } from '../support/database/test-server.ts';

test('calls of an older release outlive the schema of a newer one, and are handed to it', async (t) => {
  const folder = tempFolder('frontdesk-older-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const older = unpackOlderRelease(path.join(folder, 'release'));
  if (!older) return t.skip('there is no git history here that has an older release');
  t.diagnostic(`the older release does not know ${older.migration}`);

  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  const rig = await startRig(stack);
  const connection = await emptyDatabase(t);
  const database = openDatabase({ connection, clock: systemClock, log: quietLog });
  stack.defer(() => database.close());
  const sql = database.general;
  const start = async (release?: string) => {
    const port = String(await freePort());
    const env = {
      ...rig.env,
      PORT: port,
      INTERNAL_PORT: '0',
      DATABASE_URL: connection,
      DATA_DIR: folder,
      LOG_LEVEL: 'warn',
      KILL_TIMEOUT: '20',
    };
    const process = await startServerProcess(t, env, release);
    return { process, address: `http://127.0.0.1:${port}` };
  };
  const applied = async () => {
    const [row] = await sql<[{ count: number }]>`SELECT count(*)::int AS count FROM migrations`;
    return row.count;
  };

  const old = await start(older.folder);
  const known = await applied();
  // Written by its own code, wherever it keeps it: this release's may name columns that are not there yet.
  const [itsOwn] = globSync('test/support/**/test-client.ts', { cwd: older.folder });
  const { saveTestClient } = (await import(
    pathToFileURL(path.join(older.folder, itsOwn!)).href
  )) as typeof TestClients;
  const client = await saveTestClient(sql, newId(systemClock.now()));
  const behind = [old.address];
  await openFront(t, Number(new URL(rig.publicUrl).port), behind);
  const exchange = async (call: ReturnType<typeof rig.call>, said: string, answer: string) => {
    rig.says.push(said);
    rig.openai.script(answer);
    await call.say(rig.voice(said));
    await call.reply(700, 60_000);
  };

  const [stays, moves] = [rig.call({ to: client.number }), rig.call({ to: client.number })];
  await Promise.all([greeted(stays), greeted(moves)]);
  await exchange(stays, 'when do you open', 'We open at nine.');
  const young = await start();
  behind.push(young.address);
  const files = readdirSync(path.join(older.folder, 'sql')).filter((name) => /^\d{4}_/.test(name));
  assert.equal(known, files.length);
  assert.ok((await applied()) > known);

  await exchange(stays, 'are you sure', 'Yes, at nine.');
  stays.hangUp();
  const { connectedMs } = await stays.ended;
  const stayed = await recordOf({ database }, stays.sid);
  assert.equal(stayed.conversation.endReason, 'caller');
  assert.deepEqual(
    stayed.utterances.slice(1).map(({ content }) => content),
    ['When do you open?', 'We open at nine.', 'Are you sure?', 'Yes, at nine.'],
  );
  assertBilled(stayed, connectedMs);

  await exchange(moves, 'I am Anna', 'Hello Anna.');
  const ended = old.process.kill('SIGTERM');
  rig.says.push('what was that');
  rig.openai.script('Your name is Anna.');
  await moves.say(rig.voice('what was that'));
  assert.equal(await ended, 0, old.process.output);
  await moves.quiet(700, 60_000);
  await exchange(moves, 'are you still there', 'Still here, Anna.');
  moves.hangUp();
  const lasted = (await moves.ended).connectedMs;
  const moved = await recordOf({ database }, moves.sid);
  assert.deepEqual(
    moved.leases.map(({ reason }) => reason),
    ['drain', 'stop'],
  );
  assert.deepEqual(moved.utterances.at(-1), { role: 'assistant', content: 'Still here, Anna.' });
  // A second begun on each of the two lines.
  assert.ok(moved.billed <= Math.ceil(lasted / 1000) + 1, `${moved.billed} s`);
  assert.ok(moved.billed >= Math.floor(lasted / 1000) - 2, `${moved.billed} s`);
  const wrong = await sql`
    SELECT * FROM meter_audit WHERE net <> ledger_sum OR reserved <> lease_sum`;
  assert.deepEqual([...wrong], []);
  assert.doesNotMatch(young.process.output, /"level":(50|60)/);
});
