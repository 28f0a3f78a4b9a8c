// The database: two pools over one server, so that a busy dashboard never keeps a call waiting, and its failures by name.

import postgres from 'postgres';
import { orAborted } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { arrayTypes } from './array-types.ts';
import { parseConnection } from './connection.ts';
import { guardDriver } from './driver-guard.ts';
import { socketOpener } from './sql-socket.ts';
import { storeError } from './store-error.ts';

/** bigint columns (milliseconds, seconds, counts: all below 2^53) are numbers. */
interface Types extends Record<string, unknown> {
  bigint: number;
}

/**
 * Porsager's tagged template. What comes back: int and bigint as number, timestamptz as Date, jsonb parsed, bytea as
 * Buffer, numeric (what sum() over bigint gives: cast it) as string, arrays as arrays. What goes in: the same; an array
 * needs its type beside it, as in `${names}::text[]`.
 */
export type Sql = postgres.Sql<Types>;

/** The same inside `sql.begin(async (tx) => …)`. Never use the pool in there: it waits for a second connection. */
export type Transaction = postgres.TransactionSql<Types>;

/** For functions that run inside a transaction as well as outside. */
export type SqlRunner = postgres.ISql<Types>;

export interface Database {
  /** For what a running call waits for: statements of at most 2 s, locks of at most 1 s. */
  readonly calls: Sql;
  /** For everything else: the API, the dashboard, background work, LISTEN. */
  readonly general: Sql;
  /** Resolves when the server answers, on the calls' pool unless told otherwise; throws `unavailable` within about 2 s when it does not. */
  check(signal?: AbortSignal, pool?: 'calls' | 'general'): Promise<void>;
  /** Opens all connections of the calls' pool, which keeps them: the first caller must not wait for it. */
  connect(): Promise<void>;
  /** Ends all connections; statements that still run get 5 s. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`, or with `?host=/folder&port=…` for a Unix socket. */
  readonly connection: string;
  /** What the pools work as, if not as the login role; see application-role.ts. */
  readonly role?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

interface PoolLimits {
  readonly connectionsMax: number;
  readonly statementMs: number;
  readonly lockMs: number;
  readonly idleTransactionMs: number;
  /** Seconds until an unused connection is closed; null keeps it. */
  readonly idleSeconds: number | null;
}

const callsLimits: PoolLimits = {
  connectionsMax: 4,
  statementMs: 2000,
  lockMs: 1000,
  idleTransactionMs: 5000,
  idleSeconds: null,
};

const generalLimits: PoolLimits = {
  connectionsMax: 10,
  statementMs: 15_000,
  lockMs: 5000,
  idleTransactionMs: 30_000,
  idleSeconds: 60,
};

/** One connection, and time to rewrite a table. */
const maintenanceLimits: PoolLimits = {
  connectionsMax: 1,
  statementMs: 1_800_000,
  lockMs: 600_000,
  idleTransactionMs: 60_000,
  idleSeconds: 60,
};

/** A server that has stopped cannot keep its own statement timeout: how much later we give up ourselves. */
const SILENCE_MARGIN_MS = 250;
const CLOSE_WITHIN_SECONDS = 5;

/** Opens both pools; they connect at the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const calls = openPool('calls', callsLimits, options);
  const general = openPool('general', generalLimits, options);
  return {
    calls,
    general,
    check,
    async connect() {
      // A statement that finds all open connections busy opens another.
      await Promise.all(Array.from({ length: callsLimits.connectionsMax }, () => check()));
    },
    async close() {
      const within = { timeout: CLOSE_WITHIN_SECONDS };
      await Promise.all([calls.end(within), general.end(within)]);
    },
  };

  async function check(signal?: AbortSignal, pool: 'calls' | 'general' = 'calls'): Promise<void> {
    const answer = (pool === 'calls' ? calls : general)`SELECT 1`.then(
      () => {},
      (error: unknown) => Promise.reject(storeError(error)),
    );
    await (signal ? orAborted(answer, signal) : answer);
  }
}

/** One connection whose statements may take half an hour, for migrations and the like. The caller ends it. */
export function openMaintenance(options: DatabaseOptions): Sql {
  return openPool('maintenance', maintenanceLimits, options);
}

function openPool(
  name: string,
  limits: PoolLimits,
  { connection, role, clock, log }: DatabaseOptions,
): Sql {
  const parsed = parseConnection(connection);
  const silenceMs = limits.statementMs + SILENCE_MARGIN_MS;
  const options = {
    user: parsed.user,
    pass: parsed.password,
    database: parsed.database,
    ...('host' in parsed.address ? parsed.address : {}),
    socket: socketOpener({ connection: parsed, clock, silenceMs }),
    // Our sockets look after both: they fail in time, and at once while the server is known to be down.
    connect_timeout: 0,
    backoff: () => 0,
    // Above its limit postgres.js loses a transaction's connection (a `begin` that fills the pipeline is never given one).
    max_pipeline: Infinity,
    max: limits.connectionsMax,
    ...(limits.idleSeconds === null ? {} : { idle_timeout: limits.idleSeconds }),
    onnotice: (notice: postgres.Notice) =>
      log.debug('the database gave notice', { pool: name, notice: notice['message'] }),
    fetch_types: false,
    types: { ...arrayTypes, bigint: { to: 20, from: [20], parse: Number, serialize: String } },
    connection: {
      application_name: `frontdesk ${name}`,
      ...(role === undefined ? {} : { role }),
      statement_timeout: limits.statementMs,
      lock_timeout: limits.lockMs,
      idle_in_transaction_session_timeout: limits.idleTransactionMs,
      // Spaces that the server skips. From 1 kB on postgres.js sends at once; shorter openings wait for a timer, which
      // it believes to be set when the connection before was lost with one pending, and then they are never sent.
      options: ' '.repeat(1024),
    },
  };
  guardDriver();
  return postgres(options) as Sql;
}
