// How the system is doing, for administrators: services probed for real, numbers of the process, everything together.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Clock } from '../../../lib/clock.ts';
import { within } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import type { LoopDelays } from '../../../lib/loop-delay.ts';
import type { MeasuredVendor } from '../../../lib/metrics.ts';
import type { ProbedState, ServiceProbes } from '../../../reception/service-probes.ts';
import { requireRole, requireUser } from '../../identity/auth.ts';
import { endpointRates } from '../../every-request/endpoint-rates.ts';
import { errors, nullable, signedIn, Timestamp } from '../../schemas/schemas.ts';

const DATABASE_MS = 2000;

const Service = Type.Object({
  healthy: Type.Boolean(),
  uptime: Type.Integer({ description: 'Seconds for which every probe found it so.' }),
  state: Type.String({
    description: 'online, offline or not_configured.',
    examples: ['online'],
  }),
  latency_ms: nullable(Type.Number({ description: 'To open it.' })),
});
const Services = Type.Object({ gateway: Service, stt: Service, tts: Service, llm: Service });
const Vendor = Type.Object({
  service: Type.String(),
  vendor: Type.String(),
  successes: Type.Integer(),
  failures: Type.Integer(),
  in_use: Type.Boolean(),
});
const tags = ['Administration: monitoring'];
const config = { rate: endpointRates.default };

export interface MonitoringParts {
  readonly clock: Clock;
  readonly probes: ServiceProbes;
  readonly running: { readonly calls: () => number; readonly uptimeSeconds: () => number };
  readonly vendors: () => readonly MeasuredVendor[];
  /** Of the last minute. */
  readonly loopDelay: () => LoopDelays;
  /** Rejects when the database does not answer. */
  readonly checkDatabase: () => Promise<void>;
}

/** contracts/gateway-api.md "System Monitoring". */
export function monitoringRoutes(parts: MonitoringParts): FastifyPluginAsync {
  const { clock, probes, running } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireRole('admin', 'moderator'));

    app.get(
      '/admin/monitoring/services',
      {
        config,
        schema: {
          tags,
          summary: 'Health of all services',
          description: 'Each vendor is really opened, at most every ten seconds.',
          security: signedIn,
          response: { 200: Services, ...errors(401) },
        },
      },
      async () => services(),
    );

    app.get(
      '/admin/monitoring/metrics',
      {
        config,
        schema: {
          tags,
          summary: 'System metrics',
          description: 'Of this process. All processes together are for Prometheus: GET /metrics.',
          security: signedIn,
          response: {
            200: Type.Object({
              uptime: Type.Integer(),
              active_calls: Type.Integer(),
              memory: Type.Object({ rss_bytes: Type.Integer(), heap_used_bytes: Type.Integer() }),
              cpu: Type.Object({ user_seconds: Type.Number(), system_seconds: Type.Number() }),
              event_loop_delay_ms: Type.Object(
                { mean: Type.Number(), p99: Type.Number(), max: Type.Number() },
                { description: 'How late the timers of the last minute came.' },
              ),
              vendors: Type.Array(Vendor),
              timestamp: Timestamp,
            }),
            ...errors(401),
          },
        },
      },
      async () => {
        const { rss, heapUsed } = process.memoryUsage();
        const { user, system } = process.cpuUsage();
        return {
          uptime: running.uptimeSeconds(),
          active_calls: running.calls(),
          memory: { rss_bytes: rss, heap_used_bytes: heapUsed },
          cpu: { user_seconds: user / 1e6, system_seconds: system / 1e6 },
          event_loop_delay_ms: parts.loopDelay(),
          vendors: parts.vendors().map(({ used, ...vendor }) => ({ ...vendor, in_use: used })),
          timestamp: now(),
        };
      },
    );

    app.get(
      '/admin/monitoring/health',
      {
        config,
        schema: {
          tags,
          summary: 'Overall system health',
          description:
            'healthy: everything works. degraded: a service does not. unhealthy: the database does not.',
          security: signedIn,
          response: {
            200: Type.Object({
              status: Type.Union([
                Type.Literal('healthy'),
                Type.Literal('degraded'),
                Type.Literal('unhealthy'),
              ]),
              database: Type.Union([Type.Literal('online'), Type.Literal('offline')]),
              services: Services,
              uptime: Type.Integer(),
              timestamp: Timestamp,
            }),
            ...errors(401),
          },
        },
      },
      async () => {
        const [database, found] = await Promise.all([databaseState(), services()]);
        const works = Object.values(found).every(({ healthy }) => healthy);
        return {
          status:
            database === 'offline'
              ? ('unhealthy' as const)
              : works
                ? ('healthy' as const)
                : ('degraded' as const),
          database,
          services: found,
          uptime: running.uptimeSeconds(),
          timestamp: now(),
        };
      },
    );
  };
  return routes;

  async function services() {
    const { stt, llm, tts } = await probes.probe();
    const uptime = running.uptimeSeconds();
    return {
      gateway: { healthy: true, uptime, state: 'online', latency_ms: 0 },
      stt: shown(stt),
      tts: shown(tts),
      llm: shown(llm),
    };
  }

  function shown({ state, openMs, onlineSinceMs }: ProbedState) {
    const sinceMs = onlineSinceMs === undefined ? 0 : clock.elapsed() - onlineSinceMs;
    return {
      healthy: state === 'online',
      uptime: Math.floor(sinceMs / 1000),
      state,
      latency_ms: openMs === undefined ? null : Math.round(openMs),
    };
  }

  function databaseState(): Promise<'online' | 'offline'> {
    const late = () => new AppError('unavailable', 'the database is slow');
    return within(clock, DATABASE_MS, parts.checkDatabase(), late).then(
      () => 'online' as const,
      () => 'offline' as const,
    );
  }

  function now(): string {
    return new Date(clock.now()).toISOString();
  }
}
