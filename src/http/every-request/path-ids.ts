// Ids in addresses are ours in capitals as well; behind the door they are written as we write them: they are sealed with, locked by and compared.

import type { FastifyInstance } from 'fastify';
import { isId } from '../../lib/ids.ts';

/** For every route of `app`, before anybody looks at the address. */
export function lowerPathIds(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ params }) => {
    const given = params as Record<string, string>;
    for (const [name, text] of Object.entries(given)) {
      const lower = text.toLowerCase();
      if (isId(lower)) given[name] = lower;
    }
  });
}
