// A process that owns an embedded database, for tests that kill it: prints a line when ready, stops cleanly on SIGTERM.

import process from 'node:process';
import { AppError } from '../../../src/lib/errors.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { startEmbedded } from '../../../src/store/database/embedded/embedded.ts';
import { migrate } from '../../../src/store/database/migrate.ts';
import { sqlDirectory } from './database.ts';

const [dataDir, was] = process.argv.slice(2);
const began = systemClock.elapsed();
try {
  const server = await startEmbedded({
    dataDir: dataDir!,
    dataDirWasSet: was !== 'default',
    clock: systemClock,
    log: quietLog,
    progress: (line) => process.stdout.write(`${JSON.stringify({ line })}\n`),
  });
  const { connection, pid } = server;
  await migrate({ connection, clock: systemClock, log: quietLog, directory: sqlDirectory });
  const ms = Math.round(systemClock.elapsed() - began);
  const ready = { connection, pid, dataDir: server.dataDir, ms };
  // Deno would go on reading its input.
  const stop = () => void server.stop().finally(() => process.exit());
  process.once('SIGTERM', stop);
  // Whoever started us has gone.
  process.stdin.resume().once('end', stop);
  process.stdout.write(`${JSON.stringify({ ready })}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof AppError && error.code === 'data_dir_in_use' ? 75 : 1;
}
