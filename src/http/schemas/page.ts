// Long lists in pages: how a request asks for one, and what its answer says about the rest.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { isId } from '../../lib/ids.ts';
import { AppError } from '../../lib/errors.ts';

export const PAGE_ROWS_MAX = 100;
/** Further into a list only a cursor leads: the database counts every row it skips. */
export const OFFSET_MAX = 10_000;

/** For the `querystring` of a list, spread into its properties. */
export const pageQuery = {
  limit: Type.Integer({
    minimum: 1,
    maximum: PAGE_ROWS_MAX,
    default: 50,
    description: 'Results per page.',
  }),
  offset: Type.Integer({
    minimum: 0,
    maximum: OFFSET_MAX,
    default: 0,
    description: `Starting position. Past ${OFFSET_MAX} follow the cursor of the Link header instead.`,
    'x-messages': {
      maximum: `At most ${OFFSET_MAX}. Follow the cursor of the Link header to go further.`,
    },
  }),
  cursor: Type.Optional(
    Type.String({ maxLength: 200, description: 'From the Link header; replaces the offset.' }),
  ),
};

const SEARCH_CHARACTERS_MAX = 100;

/** For the `querystring` of a list that is searched: `where` it has to stand, such as `name or number`. */
export function searchQuery(where: string) {
  return Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: SEARCH_CHARACTERS_MAX,
      description: `In the ${where}.`,
    }),
  );
}

/** What a list says in its headers, for the route's description. */
export const pageHeaders =
  'X-Total-Count counts up to X-Total-Count-Max, 10,000. Link (rel="next") leads to the next page.';

const PageRequest = Type.Object(pageQuery);

/** Where a page begins: after the row with this time (in UTC, with microseconds) and id. */
export interface Position {
  readonly at: string;
  readonly id: string;
}

export interface Page {
  readonly limit: number;
  readonly offset: number;
  readonly after: Position | undefined;
}

/** Rows with counted ids, for `parsePage`. */
export function isRowNumber(id: string): boolean {
  return /^\d{1,18}$/.test(id);
}

/** Throws `invalid` on a cursor we did not make. `isRowId`: what the list's rows are told apart by. */
export function parsePage(
  { limit, offset, cursor }: Static<typeof PageRequest>,
  isRowId: (id: string) => boolean = isId,
): Page {
  if (cursor === undefined) return { limit, offset, after: undefined };
  const [at = '', id = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split('|');
  const ours = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(at) && isRowId(id);
  if (!ours || rest.length > 0 || Number.isNaN(Date.parse(at))) {
    throw new AppError('invalid', 'a cursor we did not make', {
      fields: { cursor: ['Not a cursor.'] },
    });
  }
  return { limit, offset: 0, after: { at, id } };
}

/** Says how many rows there are, as far as they were counted, and where the next page begins if there is one. */
export function tellPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { total, countedMax, next }: { total: number; countedMax: number; next: Position | undefined },
): void {
  tellTotal(reply, total, countedMax);
  if (!next) return;
  const { pathname, searchParams } = new URL(request.url, 'http://here');
  searchParams.delete('offset');
  searchParams.set('cursor', Buffer.from(`${next.at}|${next.id}`).toString('base64url'));
  reply.header('link', `<${pathname}?${searchParams.toString()}>; rel="next"`);
}

/** How many there are. When it is `countedMax` there may be more. */
function tellTotal(reply: FastifyReply, total: number, countedMax: number): void {
  reply.header('x-total-count', Math.min(total, countedMax));
  reply.header('x-total-count-max', countedMax);
}
