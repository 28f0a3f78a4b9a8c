// Connections to vendors that are asked over HTTP, kept between requests so that a turn does not wait for a handshake.

import { Agent } from 'undici';

/** Node's own 4 s would mean a new handshake in most turns. */
const KEEP_ALIVE = { keepAliveTimeout: 60_000, keepAliveMaxTimeout: 600_000 };

/** One pool for all calls, so that a call finds connections that the last one opened. */
let pool: Agent | undefined;

/** For the `dispatcher` of a fetch. Deno takes none, and keeps its connections anyway. */
export function keptConnections(): Agent {
  pool ??= new Agent(KEEP_ALIVE);
  return pool;
}
