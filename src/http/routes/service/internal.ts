// What other services of ours may ask, on a listener that nobody else reaches: whose session is this cookie?

import cookie from '@fastify/cookie';
import type { FastifyPluginAsync } from 'fastify';
import { findSessionUser } from '../../../store/accounts/sessions.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { findPreferences } from '../../../store/accounts/users.ts';
import { SESSION_COOKIE } from '../../identity/auth.ts';
import { preferencesAnswer } from '../../schemas/user-schemas.ts';

/** contracts/voice-agent-internal-api.md. */
export function internalRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  return async (app) => {
    await app.register(cookie);
    // The body says nothing, whatever it is.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, async () => undefined);

    app.post('/api/internal/validate-session', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const token = request.cookies[SESSION_COOKIE];
      const user = token ? await findSessionUser(sql, token) : undefined;
      if (!user) return reply.code(401).send({ valid: false });
      return {
        valid: true,
        user_id: user.id,
        email: user.email,
        display_name: user.name,
        preferences: preferencesAnswer(await findPreferences(sql, user.id)),
      };
    });
  };
}
