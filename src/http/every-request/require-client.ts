// For routes below a client: those of others, like those that never were, are not there.

import type { FastifyRequest } from 'fastify';
import { isId } from '../../lib/ids.ts';
import { reachesClient } from '../../store/clients/owned-clients.ts';
import type { Sql } from '../../store/database/sql.ts';
import { found, reachOf, userOf } from '../identity/auth.ts';

/** A hook for `onRequest`, after `requireUser`: 404 unless `client_id` of the path is within the user's reach. */
export function requireClient(sql: Sql) {
  return async (request: FastifyRequest): Promise<void> => {
    const { client_id: id } = request.params as { client_id: string };
    found(isId(id) || undefined);
    found((await reachesClient(sql, reachOf(userOf(request)), id)) || undefined);
  };
}
