// Tables for spreadsheets as answers.

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';

/** What a route that answers with one declares. */
export const table = {
  description: 'The table.',
  content: { 'text/csv': { schema: Type.String() } },
};

/** Sends CSV as a file of that name: a text, or the pieces of a long one as they are read. */
export function sendTable(
  reply: FastifyReply,
  filename: string,
  csv: string | AsyncIterable<string>,
): never {
  reply.header('content-disposition', `attachment; filename="${filename}"`);
  reply.type('text/csv; charset=utf-8');
  // Declared as JSON is: the types of routes know no other answers.
  return reply.send(typeof csv === 'string' ? csv : Readable.from(csv)) as never;
}
