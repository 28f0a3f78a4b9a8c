// The dashboard's files: pages that always ask whether they are still good, and assets that are good for ever under their name.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';

const ASSETS_MS = 365 * 24 * 3600 * 1000;

/** A page's path has nothing in it that a file system could take for something else. */
const pagePath = /^[\w-]+(\/[\w-]+)*\/?$/;

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/**
 * `/` and everything below `/app/` is the one page, which shows what its address says. `directory` is read at start:
 * only what was there then is ever served.
 */
export function dashboardRoutes(directory: string): FastifyPluginAsync {
  const page = readFileSync(path.join(directory, 'index.html'));
  return async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      // Google's window must be able to say that it is done.
      reply.header('cross-origin-opener-policy', 'same-origin-allow-popups');
    });
    await app.register(fastifyStatic, {
      root: path.join(directory, 'assets'),
      prefix: '/assets/',
      wildcard: false,
      index: false,
      preCompressed: true,
      immutable: true,
      maxAge: ASSETS_MS,
    });
    for (const file of readdirSync(directory)) {
      const type = types[path.extname(file)];
      if (type === undefined) continue;
      const bytes = readFileSync(path.join(directory, file));
      app.get(`/${file}`, (_request, reply) =>
        reply.type(type).header('cache-control', 'no-cache').send(bytes),
      );
    }
    for (const address of ['/', '/app', '/app/*']) {
      app.get<{ Params: { '*'?: string } }>(address, (request, reply) => {
        const rest = request.params['*'] ?? '';
        if (rest !== '' && !pagePath.test(rest)) return reply.callNotFound();
        return reply
          .type('text/html; charset=utf-8')
          .header('cache-control', 'no-cache')
          .send(page);
      });
    }
  };
}
