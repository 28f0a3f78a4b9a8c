// The API: what all its routes have in common, then the routes.

import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { identifyVisitors } from './identity/auth.ts';
import type { AuthParts } from './identity/auth.ts';
import { answerTwice } from './every-request/idempotency.ts';
import { lowerIds } from './every-request/lower-ids.ts';
import { limitRequests, RateLimiter } from './every-request/rate-limit.ts';
import type { RateLimits } from './every-request/rate-limit.ts';
import { collectOpenapi, openapiRoutes } from './every-request/openapi.ts';
import { doorRoutes } from './door-routes.ts';
import type { DoorParts } from './door-routes.ts';
import { ownerRoutes } from './owner-routes.ts';
import type { OwnerParts } from './owner-routes.ts';
import { accountDeletionRoutes } from './routes/accounts/account-deletion.ts';
import { demoSignInRoutes } from './routes/accounts/demo-sign-in.ts';
import type { DemoSignInParts } from './routes/accounts/demo-sign-in.ts';
import { googleSignInRoutes } from './routes/accounts/google-sign-in.ts';
import type { GoogleSignInParts } from './routes/accounts/google-sign-in.ts';
import { historyRoutes } from './routes/doors/history.ts';
import { sessionRoutes } from './routes/accounts/session.ts';
import { userRoutes } from './routes/accounts/users.ts';
import { refuseForeignPages } from './every-request/security.ts';
import { serializeAnswers } from './every-request/serialization.ts';
import { validateRequests } from './every-request/validation.ts';

export interface ApiParts extends Omit<
  GoogleSignInParts & Pick<DemoSignInParts, 'findDemoOwner'>,
  'limiter'
> {
  readonly version: string;
  /** Origins whose pages may use the API besides our own. */
  readonly corsOrigins: readonly string[];
  readonly limits: RateLimits;
  readonly owners: Omit<OwnerParts, keyof AuthParts | 'log'>;
  readonly doors: Omit<DoorParts, keyof GoogleSignInParts>;
}

/** Everything that takes and gives JSON: the order of the hooks is that of the checks. */
export function apiRoutes(parts: ApiParts): FastifyPluginAsync {
  const limiter = new RateLimiter(parts);
  return async (app) => {
    lowerIds(app);
    await collectOpenapi(app, parts.version);
    await app.register(cookie);
    refuseForeignPages(app, { publicUrl: parts.publicUrl, origins: parts.corsOrigins });
    identifyVisitors(app, parts);
    limitRequests(app, limiter, parts.clock);
    takeJsonOnly(app);
    validateRequests(app);
    serializeAnswers(app);
    answerTwice(app, parts);
    app.addHook('onSend', async (_request, reply) => {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    });
    await openapiRoutes(app);
    const signIn = { ...parts, limiter };
    await app.register(sessionRoutes(signIn));
    await app.register(googleSignInRoutes(signIn));
    await app.register(demoSignInRoutes(signIn));
    await app.register(userRoutes(signIn));
    await app.register(accountDeletionRoutes({ ...parts.owners, ...signIn }));
    await app.register(historyRoutes(parts));
    await app.register(ownerRoutes({ ...parts, ...parts.owners }));
    await app.register(doorRoutes({ ...signIn, ...parts.doors }));
  };
}

/** A form or a plain text is what a foreign page could send without being asked; an empty body is none. */
function takeJsonOnly(app: FastifyInstance): void {
  app.removeContentTypeParser(['text/plain', 'application/x-www-form-urlencoded']);
  app.removeContentTypeParser('application/json');
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null);
    else void parse(request, body as string, done);
  });
}
