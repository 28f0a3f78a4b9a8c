// Reads the address of a Postgres server, as libpq writes it.

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { AppError } from '../../lib/errors.ts';

export type ServerAddress =
  | { readonly path: string }
  | { readonly host: string; readonly port: number };

export interface Connection {
  readonly address: ServerAddress;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** How to encrypt; undefined for a plain connection. */
  readonly tls: ConnectionOptions | undefined;
}

const PORT = 5432;

/**
 * `postgres://user:password@host:port/database?sslmode=require`, or `…@localhost/database?host=/folder&port=…` for a
 * Unix socket. `sslmode`: `disable` (also `allow`, `prefer` and nothing), `require` (encrypted, the server not verified,
 * as in libpq), `verify-ca`, `verify-full`; `sslrootcert` names a file. Throws `config_invalid`, never with the password.
 */
export function parseConnection(text: string): Connection {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new AppError('config_invalid', 'the database URL is not of the form postgres://…');
  }
  const named = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  const host = named.replace(/^\[(.*)\]$/, '$1') || 'localhost';
  const port = Number(url.searchParams.get('port') ?? (url.port || PORT));
  const user = decodeURIComponent(url.username) || 'postgres';
  return {
    address: host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port },
    user,
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    tls: parseTls(url.searchParams, host),
  };
}

/** The same server, another database. */
export function withDatabase(connection: string, database: string): string {
  const url = new URL(connection);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

function parseTls(parameters: URLSearchParams, host: string): ConnectionOptions | undefined {
  const mode = parameters.get('sslmode') ?? 'disable';
  const rootCert = parameters.get('sslrootcert');
  switch (mode) {
    case 'disable':
    case 'allow':
    case 'prefer':
      return undefined;
    case 'require':
    case 'verify-ca':
    case 'verify-full': {
      const ca = rootCert && rootCert !== 'system' ? { ca: readFileSync(rootCert) } : {};
      // A server that is named by its address is not told whom it is asked for (RFC 6066), but verified by it.
      const asked = isIP(host) ? { host } : { servername: host };
      return { ...asked, rejectUnauthorized: mode !== 'require', ...ca };
    }
    default:
      throw new AppError('config_invalid', `the database URL has an unknown sslmode (${mode})`);
  }
}
