// Ids of ours in capitals, as some languages write a UUID, are the same ids; behind the door they are written as we write them: they are sealed with, locked by and compared.

import type { FastifyInstance } from 'fastify';
import { isId } from '../../lib/ids.ts';

/** Fields of queries and bodies that name rows of ours. Ids of others, of a voice or a calendar, stay as they come. */
const OURS = new Set([
  'chat_id',
  'client_id',
  'contact_id',
  'conversation_id',
  'package_id',
  'user_id',
]);

/** For every route of `app`: in addresses before anybody looks at them, in queries and bodies before they are checked. */
export function lowerIds(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ params }) => lower(params, () => true));
  app.addHook('preValidation', async ({ query, body }) => {
    lowerOwnIds(query);
    lowerOwnIds(body);
  });
}

/** The same for what comes on other ways. */
export function lowerOwnIds(given: unknown): void {
  lower(given, (name) => OURS.has(name));
}

function lower(given: unknown, which: (name: string) => boolean): void {
  if (typeof given !== 'object' || given === null) return;
  const values = given as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'string' || !which(name)) continue;
    const id = value.toLowerCase();
    if (isId(id)) values[name] = id;
  }
}
