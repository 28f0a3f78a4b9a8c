// Makes docs/API.md and the routes of the typed client from the routes' schemas: `node scripts/api.ts`.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { apiRoutes } from '../src/http/api.ts';
import type { ApiParts } from '../src/http/api.ts';
import { rateLimits } from '../src/http/every-request/rate-limit.ts';
import { systemClock } from '../src/lib/clock.ts';
import { quietLog } from '../src/lib/log.ts';
import { formatReference } from './api/reference.ts';
import { formatRoutes } from './api/typed-routes.ts';
import type { Document } from './api/document.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What is made, by its path in the project. */
export async function makeApiFiles(): Promise<Readonly<Record<string, string>>> {
  const document = await readDocument();
  return {
    'docs/API.md': formatReference(document),
    'clients/typescript/routes.ts': formatRoutes(document),
  };
}

export function readApiFile(name: string): string {
  return readFileSync(path.join(root, name), 'utf8');
}

/** The document of routes that are never asked: nothing behind them is opened. */
async function readDocument(): Promise<Document> {
  const app = Fastify();
  let scope: FastifyInstance | undefined;
  const nothing = undefined as never;
  const parts: ApiParts = {
    sql: nothing,
    clock: systemClock,
    log: quietLog,
    jwtSecret: '',
    publicUrl: 'http://localhost:8000',
    corsOrigins: [],
    version: '1',
    limits: rateLimits,
    google: undefined,
    findDemoOwner: undefined,
    owners: {
      live: nothing,
      llmModels: [],
      openCalendar: nothing,
      calendars: nothing,
      syncCalendar: nothing,
      openVoice: nothing,
      sealer: nothing,
      fetch: nothing,
      loopbackOrigins: [],
      shelf: nothing,
      outbound: nothing,
      speech: nothing,
      payForClips: nothing,
      makeClips: nothing,
      calendarNamed: nothing,
      clientDeleted: nothing,
      browserCalls: nothing,
      till: nothing,
    },
    doors: {
      chats: nothing,
      gateway: nothing,
      vapi: nothing,
      settings: nothing,
      commands: nothing,
      probes: nothing,
      running: nothing,
      vendors: nothing,
      loopDelay: nothing,
      checkDatabase: nothing,
      live: nothing,
      livekit: undefined,
      anonymousSessions: true,
      sessions: nothing,
      version: '1',
    },
  };
  await app.register(async (child) => {
    scope = child;
    await apiRoutes(parts)(child, {});
  });
  await app.ready();
  const document = scope!.swagger() as unknown as Document;
  await app.close();
  return document;
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(await makeApiFiles())) {
    writeFileSync(path.join(root, name), text);
  }
}
