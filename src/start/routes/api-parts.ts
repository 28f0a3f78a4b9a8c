// What the API's routes are given: the database, the secrets, and Google where it is configured.

import type { Config } from '../../config.ts';
import type { ApiParts } from '../../http/api.ts';
import { openGoogle } from '../../http/identity/google-identity.ts';
import { rateLimits, sandboxLimits } from '../../http/every-request/rate-limit.ts';
import type { RateLimits } from '../../http/every-request/rate-limit.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Sql } from '../../store/database/sql.ts';
import { findLogin } from '../../store/accounts/users.ts';
import { demo } from '../sandbox/demo.ts';

export interface ApiSources {
  readonly config: Config;
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly jwtSecret: string;
  readonly version: string;
  readonly owners: ApiParts['owners'];
  readonly doors: ApiParts['doors'];
  /** Where they are not the usual ones. */
  readonly limits: Partial<RateLimits> | undefined;
}

export function apiParts({ config, sql, clock, log, ...sources }: ApiSources): ApiParts {
  const { publicUrl, corsOrigins, google } = config;
  const { clientId, clientSecret } = google;
  return {
    sql,
    clock,
    log,
    publicUrl,
    corsOrigins,
    jwtSecret: sources.jwtSecret,
    version: sources.version,
    owners: sources.owners,
    doors: sources.doors,
    limits: {
      ...rateLimits,
      ...(config.sandbox !== 'off' && sandboxLimits),
      ...sources.limits,
    },
    findDemoOwner:
      config.sandbox === 'off'
        ? undefined
        : async () => {
            const owner = await findLogin(sql, demo.ownerEmail);
            return owner?.mayLogIn ? owner : undefined;
          },
    google:
      clientId && clientSecret
        ? openGoogle({
            clock,
            clientId,
            clientSecret,
            redirectUri: `${publicUrl}/auth/google/callback`,
            baseUrl: google.url,
          })
        : undefined,
  };
}
