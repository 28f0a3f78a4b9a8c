// The metrics in Prometheus' format: for whoever has the token, or, on the internal listener, for whoever reaches it.

import { timingSafeEqual } from 'node:crypto';
import type { FastifyPluginAsync } from 'fastify';
import type { Metrics } from '../../../lib/metrics.ts';

export interface MetricsRoutesParts {
  readonly metrics: Metrics;
  /** Undefined: only who reaches the internal listener. */
  readonly metricsToken: string | undefined;
}

/** On the public listener: without a token in the configuration there is no such path. */
export function metricsRoutes({ metrics, metricsToken }: MetricsRoutesParts): FastifyPluginAsync {
  return async (app) => {
    if (metricsToken === undefined) return;
    app.get('/metrics', async (request, reply) => {
      if (!isBearer(request.headers.authorization, metricsToken)) {
        reply.header('www-authenticate', 'Bearer');
        return reply.code(401).send({ detail: 'Invalid authentication credentials' });
      }
      const { contentType, text } = await metrics.render();
      return reply.header('cache-control', 'no-store').type(contentType).send(text);
    });
  };
}

/** On the internal listener. */
export function openMetricsRoutes({
  metrics,
}: Pick<MetricsRoutesParts, 'metrics'>): FastifyPluginAsync {
  return async (app) => {
    app.get('/metrics', async (_request, reply) => {
      const { contentType, text } = await metrics.render();
      return reply.header('cache-control', 'no-store').type(contentType).send(text);
    });
  };
}

function isBearer(header: string | undefined, token: string): boolean {
  const given = Buffer.from(/^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '');
  const right = Buffer.from(token);
  return given.length === right.length && timingSafeEqual(given, right);
}
