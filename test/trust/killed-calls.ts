// Kills the server in the middle of calls, again and again, and checks what the next one makes of it.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Call } from '../../sandbox/phone/call.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { greeted, leasesOf } from '../support/product/after-call.ts';
import { guardFolder } from '../support/database/database-server.ts';
import { startRig } from '../support/product/rig.ts';
import { startServerProcess, withEmbedded } from '../support/product/server-process.ts';
import { saveTestClient } from '../support/product/test-client.ts';
import { tempFolder } from '../support/database/test-server.ts';

const CALLERS = 3;
/** One beat, and what it may be late. */
const LOST_SECONDS_MAX = 7;
/** A turn that was over this long before the kill is stored. */
const STORED_WITHIN_MS = 2000;
/** Moments of the kill, spread over the greeting, a turn, two beats and the end of the call. */
const KILL_AFTER_MS = [300, 2600, 4000, 6200, 7800];
const fallbackNumber = '+12025550188';

/** `rounds` times: three callers talk, the server is killed, started again, and its books are looked at. */
export async function killOften(t: TestContext, rounds: number): Promise<void> {
  const stack = new AsyncDisposableStack();
  const dataDir = tempFolder('frontdesk-kill-');
  await guardFolder(dataDir);
  t.after(async () => {
    await stack.disposeAsync();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const rig = await startRig(stack, { eachCaller: true });
  rig.says.push('when do you open');
  const env = { ...rig.env, DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
  let server = await startServerProcess(t, env);
  const client = await withEmbedded(dataDir, (sql) =>
    saveTestClient(sql, newId(systemClock.now()), { fallbackNumber, seconds: 100_000 }),
  );
  const seen = { billed: 0 };
  for (let round = 0; round < rounds; round += 1) {
    rig.openai.script(...Array.from({ length: CALLERS }, () => 'We open at nine.'));
    const calls = Array.from({ length: CALLERS }, () => rig.call({ to: client.number }));
    const heard = calls.map((call) => talk(call, rig.voice('when do you open')));
    const [first] = calls;
    await first!.until(() => first!.line?.startedMs !== undefined, 60_000);
    const spread = Math.floor(round / KILL_AFTER_MS.length) * 170;
    const killAfterMs = KILL_AFTER_MS[round % KILL_AFTER_MS.length]! + spread;
    await first!.until(() => first!.nowMs - first!.line!.startedMs! >= killAfterMs, 60_000);
    // One caller hangs up at that very moment.
    if (round % 2 === 1) calls[0]!.hangUp();
    await server.kill();
    const killedAtMs = systemClock.elapsed();
    const summaries = await Promise.all(calls.map((call) => call.ended));
    const answered = await Promise.all(heard);
    server = await startServerProcess(t, env);
    t.diagnostic(
      `round ${round}: killed ${killAfterMs} ms into the calls, ready again after ${Math.round(systemClock.elapsed() - killedAtMs)} ms`,
    );

    await withEmbedded(dataDir, async (sql) => {
      for (const [index, call] of calls.entries()) {
        const { connectedMs, endedBy, said } = summaries[index]!;
        if (endedBy !== 'caller') {
          assert.deepEqual(said, ['I am sorry, we have lost the connection.']);
          const dials = call.history.flatMap((each) => (each.type === 'dial' ? [each.target] : []));
          assert.deepEqual(dials, [fallbackNumber]);
        }
        const leases = await leasesOf(sql, call.sid);
        assert.ok(leases.length <= 1);
        const billed = leases[0]?.billedSeconds ?? 0;
        seen.billed += billed;
        const lost = connectedMs / 1000 - billed;
        assert.ok(lost > -1 && lost <= LOST_SECONDS_MAX, `${lost} s were not charged`);
        if (leases[0]) {
          assert.equal(leases[0].state, 'settled');
          assert.ok(['orphan', 'stop', 'closed'].includes(leases[0].reason!), leases[0].reason!);
        }
        const entries = await sql`
          SELECT 1 FROM ledger WHERE kind = 'call' AND meta ->> 'call_sid' = ${call.sid}`;
        assert.ok(entries.length <= 1);
        const toldMs = answered[index];
        if (toldMs !== undefined && killedAtMs - toldMs > STORED_WITHIN_MS) {
          const rows = await sql<{ content: string }[]>`
            SELECT u.content FROM utterances u JOIN conversations c ON c.id = u.conversation_id
            WHERE c.call_sid = ${call.sid}`;
          assert.ok(rows.some(({ content }) => content === 'We open at nine.'));
        }
      }
      const [books] = await sql<[{ reserved: number; spent: number; wrong: number }]>`
        SELECT reserved_seconds::int AS reserved, (100000 - balance_seconds)::int AS spent,
          (SELECT count(*)::int FROM meter_audit WHERE net <> ledger_sum OR reserved <> lease_sum)
            AS wrong
        FROM clients WHERE id = ${client.id}`;
      assert.deepEqual({ ...books }, { reserved: 0, spent: seen.billed, wrong: 0 });
    });
  }
  const last = rig.call({ to: client.number });
  await greeted(last);
  last.hangUp();
  await last.ended;
  assert.equal(await server.kill('SIGTERM'), 0);
  assert.doesNotMatch(server.output, /unhandled rejection/);
}

/** Asks one question. Resolves with the time at which the answer had been heard; undefined when it never was. */
async function talk(call: Call, speech: Int16Array): Promise<number | undefined> {
  try {
    await greeted(call);
    await call.say(speech);
    await call.reply(700, 60_000);
    return systemClock.elapsed();
  } catch {
    return undefined;
  }
}
