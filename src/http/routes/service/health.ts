// Probes: is the process alive, may it be given calls, and which services work.

import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '../../../lib/clock.ts';
import { within } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';

/** A probe that waits longer than this is a failed one. */
const CHECK_MS = 2000;

export type ServiceState = 'online' | 'offline' | 'not_configured';

export interface HealthParts {
  readonly clock: Clock;
  readonly version: string;
  /** Whether this process is ending and wants no new calls. */
  draining(): boolean;
  /** Rejects when the database does not answer. */
  checkDatabase(): Promise<void>;
  services(): Readonly<Record<'stt' | 'llm' | 'tts', ServiceState>>;
}

/** `/health`: the process answers. `/ready`: it takes calls. `/status`: what works, for people. */
export function healthRoutes(parts: HealthParts): FastifyPluginAsync {
  const { clock, version } = parts;
  const startedMs = clock.elapsed();
  const uptime = () => Math.floor((clock.elapsed() - startedMs) / 1000);
  const timestamp = () => new Date(clock.now()).toISOString();
  let asking: Promise<boolean> | undefined;

  return async (app) => {
    app.get('/health', async () => ({
      status: 'ok',
      service: 'frontdesk',
      version,
      uptime: uptime(),
      timestamp: timestamp(),
    }));
    app.get('/ready', async (_request, reply) => {
      if (parts.draining()) return reply.code(503).send({ detail: 'This process is ending.' });
      if (!(await databaseAnswers())) {
        return reply.code(503).send({ detail: 'The database does not answer.' });
      }
      return { status: 'ready' };
    });
    app.get('/status', async () => {
      const database = (await databaseAnswers()) ? 'online' : 'offline';
      const states = { ...parts.services(), database };
      const works = Object.values(states).every((state) => state === 'online');
      return {
        status: works ? 'operational' : 'degraded',
        services: states,
        uptime: uptime(),
        timestamp: timestamp(),
      };
    });
  };

  /** All who ask meanwhile wait for one answer: the connections are those of calls, and anybody may ask. */
  function databaseAnswers(): Promise<boolean> {
    const late = () => new AppError('unavailable', 'the database is slow');
    asking ??= within(clock, CHECK_MS, parts.checkDatabase(), late)
      .then(
        () => true,
        () => false,
      )
      .finally(() => (asking = undefined));
    return asking;
  }
}
