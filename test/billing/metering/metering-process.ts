// A process that meters calls until it is killed: `metering-process.ts <database> <journal directory> <client>`.
// Writes "up <stream>" when a call is let in, "end <stream> <connected ms> <billed s or undefined>" when it is settled.

import { meterTimers } from '../../../src/billing/metering/meter-timers.ts';
import { openMetering } from '../../../src/billing/metering/meter.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { AppError } from '../../../src/lib/errors.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { openDatabase } from '../../../src/store/database/sql.ts';

const CALLS = 3;
const FRAME_MS = 20;
const CALL_MS_MIN = 20;
const CALL_MS_MAX = 150;

const [connection, journalDir, clientId] = process.argv.slice(2) as [string, string, string];
const clock = systemClock;
const database = openDatabase({ connection, clock, log: quietLog });
const metering = await openMetering({
  sql: database.calls,
  clock,
  log: quietLog,
  timers: { ...meterTimers, beatMs: 50, beatJitterMs: 10, tickMs: 10, settleMs: 300 },
  owner: `test:${process.pid}`,
  journalDir,
});
await Promise.all(Array.from({ length: CALLS }, callAfterCall));

async function callAfterCall(): Promise<void> {
  for (;;) {
    const streamSid = newId(clock.now());
    const asked = metering.admit(
      { clientId, callSid: `CA${streamSid}`, streamSid, callSecondsMax: 60 },
      { wrapUp: () => {}, stop: () => {} },
    );
    const admitted = await asked.catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'unavailable') return undefined;
      throw error;
    });
    // The database is away: callers try again.
    if (!admitted) {
      await clock.sleep(CALL_MS_MIN);
      continue;
    }
    if (admitted.status !== 'ok') throw new Error(admitted.status);
    const startedAt = clock.elapsed();
    const frames = clock.every(FRAME_MS, () => admitted.meter.check(clock.elapsed() - startedAt));
    process.stdout.write(`up ${streamSid}\n`);
    await clock.sleep(CALL_MS_MIN + Math.random() * (CALL_MS_MAX - CALL_MS_MIN));
    frames[Symbol.dispose]();
    const connectedMs = clock.elapsed() - startedAt;
    const { billedSeconds } = await admitted.meter.settle(connectedMs, 'stop');
    process.stdout.write(`end ${streamSid} ${connectedMs} ${billedSeconds}\n`);
  }
}
