// What browsers are told and asked: headers on every answer, who may call from another origin, and where a click came from.

import cors from '@fastify/cors';
import type { FastifyCorsOptions } from '@fastify/cors';
import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../lib/errors.ts';

/** How long a browser may remember the answer to a preflight. */
const PREFLIGHT_SECONDS = 600;

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** No inline script or style anywhere, no frames, nothing from elsewhere. */
export function securityHeaders(publicUrl: string): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // A window that we open for a consent elsewhere must find its way back to the one that opened it.
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    strictTransportSecurity: publicUrl.startsWith('https:'),
    xFrameOptions: { action: 'deny' },
  };
}

/** Lets pages of these origins, and no others, read answers, with their users' cookies: failures and probes, too. */
export async function allowOrigins(
  app: FastifyInstance,
  origins: readonly string[],
): Promise<void> {
  const allowed: FastifyCorsOptions = {
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key'],
    exposedHeaders: [
      'Content-Disposition',
      'Content-Range',
      'Idempotency-Replayed',
      'Link',
      'Retry-After',
      'X-Cache',
      'X-Total-Count',
      'X-Total-Count-Max',
      'X-RateLimit-Limit',
      'X-RateLimit-Remaining',
      'X-RateLimit-Reset',
    ],
    maxAge: PREFLIGHT_SECONDS,
  };
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('vary', 'Origin');
  });
  await app.register(cors, {
    // The plug-in would tell strangers, too, that credentials are welcome.
    delegator: (request, done) => {
      const { origin } = request.headers;
      done(null, origin !== undefined && origins.includes(origin) ? allowed : { origin: false });
    },
  });
}

/**
 * Refuses changes and sockets that another site's page asks for with our user's cookie: by Origin, or Sec-Fetch-Site
 * where there is none. Programs send neither; bearer tokens are nothing a browser adds by itself.
 */
export function refuseForeignPages(
  app: FastifyInstance,
  { publicUrl, origins }: { publicUrl: string; origins: readonly string[] },
): void {
  const own = new Set([...sameOrigins(publicUrl), ...origins]);
  app.addHook('onRequest', async ({ method, headers }) => {
    const reads = safeMethods.has(method) && headers.upgrade === undefined;
    if (reads || headers.authorization !== undefined) return;
    const { origin, 'sec-fetch-site': site } = headers;
    if (origin !== undefined ? own.has(origin) : site === undefined || isOwnSite(site)) return;
    throw new AppError('forbidden', 'a page of another site asks for a change', {
      publicMessage: 'This request comes from a page of another site.',
    });
  });
}

function isOwnSite(site: string | string[]): boolean {
  return site === 'same-origin' || site === 'none';
}

/** This machine has two names in a browser. */
function sameOrigins(publicUrl: string): string[] {
  const { origin, hostname, port, protocol } = new URL(publicUrl);
  const loopback = hostname === 'localhost' || hostname === '127.0.0.1';
  if (!loopback) return [origin];
  return ['localhost', '127.0.0.1'].map((name) => `${protocol}//${name}${port ? `:${port}` : ''}`);
}
