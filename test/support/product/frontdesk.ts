// The whole product in one process, with its own database, stand-ins that follow a script, and a phone to call it with.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Call } from '../../../sandbox/phone/call.ts';
import type { PlaceCallOptions } from '../../../sandbox/phone/phone.ts';
import { meterTimers } from '../../../src/billing/metering/meter-timers.ts';
import { readConfig } from '../../../src/config.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { openLog } from '../../../src/lib/log.ts';
import { startFrontdesk } from '../../../src/start/frontdesk.ts';
import type { Frontdesk, Timers } from '../../../src/start/frontdesk.ts';
import type { Database } from '../../../src/store/database/sql.ts';
import { streamTimers } from '../../../src/telephony/twilio-stream.ts';
import { openTestDatabase } from '../database/database.ts';
import { startRig } from './rig.ts';
import type { Rig, RigOptions } from './rig.ts';
import { saveTestClient } from './test-client.ts';
import type { TestClient, TestClientOptions } from './test-client.ts';

export interface TestFrontdesk extends Omit<Rig, 'call'> {
  readonly frontdesk: Frontdesk;
  readonly database: Database;
  readonly client: TestClient;
  /** Lines of the log, parsed. */
  readonly log: Record<string, unknown>[];
  /** Calls the client, or another number, from a number of its own. */
  call(options?: Partial<PlaceCallOptions>): Call;
  /** One more business. */
  addClient(options?: TestClientOptions): Promise<TestClient>;
}

export interface TestFrontdeskOptions extends RigOptions {
  readonly client?: TestClientOptions;
  readonly timers?: Partial<{ meter: Partial<Timers['meter']>; stream: Partial<Timers['stream']> }>;
  readonly env?: Readonly<Record<string, string>>;
  /** Whose wall time jumps, for instance. */
  readonly clock?: Clock;
  /** Instead of a database of its own. */
  readonly connection?: string;
}

/** Started by a test; closed with it. */
export async function startTestFrontdesk(
  t: { after(act: () => Promise<void>): void },
  options: TestFrontdeskOptions = {},
): Promise<TestFrontdesk> {
  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  const { connection, database } = await openTestDatabase(stack, options.connection);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'frontdesk-test-'));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const rig = await startRig(stack, options);
  const lines: Record<string, unknown>[] = [];
  const log = openLog({
    level: 'debug',
    pii: false,
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const addClient = (given: TestClientOptions = {}) =>
    saveTestClient(database.general, newId(systemClock.now()), given);
  const client = await addClient(options.client);
  const frontdesk = await startFrontdesk({
    config: readConfig({ ...rig.env, DATA_DIR: dataDir, ...options.env }),
    clock: options.clock ?? systemClock,
    log,
    timers: {
      meter: { ...meterTimers, ...options.timers?.meter },
      stream: { ...streamTimers, ...options.timers?.stream },
    },
    connection,
    soleOwner: true,
    dataDir,
  });
  stack.defer(() => frontdesk.drain(0));
  stack.defer(() => rig.phone.hangUpAll());
  return {
    ...rig,
    frontdesk,
    database,
    client,
    log: lines,
    call: (given = {}) => rig.call({ to: client.number, ...given }),
    addClient,
  };
}
