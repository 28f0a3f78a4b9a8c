// The program: configuration, database, sandbox, server, and an end that lets running calls finish.

import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { meterTimers } from './billing/metering/meter-timers.ts';
import { loadEnvFile, readConfig } from './config.ts';
import type { Config } from './config.ts';
import { systemClock } from './lib/clock.ts';
import { AppError } from './lib/errors.ts';
import { openLog } from './lib/log.ts';
import type { Log } from './lib/log.ts';
import { startEmbedded } from './store/database/embedded/embedded.ts';
import { streamTimers } from './telephony/twilio-stream.ts';
import { banner } from './start/banner.ts';
import { demo } from './start/sandbox/demo.ts';
import { startFrontdesk } from './start/frontdesk.ts';
import type { Frontdesk } from './start/frontdesk.ts';
import { openDashboard } from './start/open-dashboard.ts';
import { startSandbox } from './start/sandbox/sandbox-process.ts';
import type { SandboxProcess } from './start/sandbox/sandbox-process.ts';
import { prepareDatabase } from './start/prepare-database.ts';
import { seed } from './start/sandbox/seed.ts';

/** sysexits: configuration error, and temporary failure. */
const EX_CONFIG = 78;
const EX_TEMPFAIL = 75;
/** A second signal means now. */
const HARD_STOP_MS = 2000;

const clock = systemClock;
const progress = (line: string) => process.stderr.write(`${line}\n`);

try {
  loadEnvFile();
  const config = readConfig();
  const log = openLog(config.log);
  process.on('unhandledRejection', (error) => log.error('unhandled rejection', { error }));
  const starting = start(config, log);
  endOnSignals(starting, config, log);
  await starting;
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  progress(error.message);
  process.exit(error.code === 'config_invalid' ? EX_CONFIG : EX_TEMPFAIL);
}

/** All that runs, and its end. */
interface Program {
  readonly frontdesk: Frontdesk;
  /** Lets running calls go on for at most `ms`. */
  stop(ms: number): Promise<void>;
}

async function start(config: Config, log: Log): Promise<Program> {
  const embedded = config.databaseUrl
    ? undefined
    : await startEmbedded({ ...config, clock, log, progress });
  const connection = config.databaseUrl ?? embedded?.connection ?? '';
  const dataDir = embedded?.dataDir ?? config.dataDir;
  let sandbox: SandboxProcess | undefined;
  try {
    const [opened, databaseRole, dashboard] = await Promise.all([
      config.sandbox === 'off' ? undefined : openSandbox(config, log),
      prepareDatabase({ connection, clock, log }),
      openDashboard({ clock, log, progress }),
    ]);
    sandbox = opened;
    const settings = sandbox?.config ?? config;
    const demoClient = await seed({ config: settings, connection, clock, log });
    const frontdesk = await startFrontdesk({
      config: settings,
      clock,
      log,
      timers: { meter: meterTimers, stream: streamTimers },
      connection,
      databaseRole,
      soleOwner: embedded !== undefined,
      dataDir,
      dashboard,
      speakFirst: demoClient,
    });
    if (sandbox) tellScripts(config, connection);
    progress(banner({ config: settings, frontdesk, standIns: sandbox?.standIns ?? [], dataDir }));
    return {
      frontdesk,
      async stop(ms) {
        await frontdesk.drain(ms);
        await sandbox?.stop();
        // Last: calls settle into it.
        await embedded?.stop();
      },
    };
  } catch (error) {
    await sandbox?.stop();
    await embedded?.stop();
    throw error;
  }
}

/** From the first moment: a database that is being started must be stopped, too. */
function endOnSignals(starting: Promise<Program>, config: Config, log: Log): void {
  let signals = 0;
  const end = async (signal: string) => {
    signals += 1;
    const ms = signals > 1 ? HARD_STOP_MS : config.killTimeoutMs;
    // A start that fails ends the process by itself.
    const program = await starting.catch(() => undefined);
    if (!program) return;
    const calls = program.frontdesk.activeCalls.size;
    if (calls > 0) progress(`${signal}: waiting for ${calls} running call(s)`);
    await program.stop(ms);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      end(signal).catch((error: unknown) => {
        log.error('the end failed', { error });
        process.exit(1);
      });
    });
  }
}

/** Lets the scripts of this project read what was stored, without asking for a password. */
function tellScripts(config: Config, connection: string): void {
  const file = path.join(path.resolve(config.dataDir), 'server.json');
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ pid: process.pid, connection }), { mode: 0o600 });
}

function openSandbox(config: Config, log: Log): Promise<SandboxProcess> {
  return startSandbox(config, {
    clock,
    log,
    dataDir: path.resolve(config.dataDir),
    demo: { number: demo.phoneNumber, name: demo.clientName },
  });
}
