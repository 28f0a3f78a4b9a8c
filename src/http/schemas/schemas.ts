// Schemas that many routes share: one gives the types, the check of what comes in, and the OpenAPI document.

import { Type } from 'typebox';
import type { TSchema } from 'typebox';

/** A property that may be left out of a request. */
export const optional = Type.Optional;

/** Or null. */
export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** The id of a row. In a path, a malformed one is as unknown as any other: 404. */
export const Id = Type.String({
  format: 'uuid',
  examples: ['019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a'],
});

/** RFC 3339, in UTC. Answers take `date.toISOString()`. */
export const Timestamp = Type.String({
  format: 'date-time',
  examples: ['2026-02-06T10:00:00.000Z'],
});

/** E.164. What owners type is parsed leniently by the route; answers are always in this form. */
export const PhoneNumber = Type.String({
  pattern: '^\\+[1-9][0-9]{6,14}$',
  examples: ['+12025550123'],
});

/** What most failures say. */
export const Detail = Type.Object(
  { detail: Type.String({ examples: ['Not found.'] }) },
  { description: 'What went wrong.' },
);

/** What validation says: each faulty field with what is wrong with it. Now and then `detail` instead. */
const FieldErrors = Type.Object(
  { detail: Type.Optional(Type.String()) },
  {
    additionalProperties: Type.Array(Type.String()),
    description: 'Each faulty field with what is wrong with it.',
    examples: [{ name: ['This field is required.'] }],
  },
);

const TooMany = Type.Object(
  { detail: Type.String(), retry_after: Type.Integer({ description: 'Seconds.' }) },
  { description: 'The allowance of this minute is used up; X-RateLimit-Reset says until when.' },
);

export const Message = Type.Object({
  message: Type.String({ examples: ['Client deleted successfully'] }),
});

type ErrorStatus = 400 | 401 | 402 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 502 | 503;

/** The failures of a route, for its `response`: those named, and those every route has. */
export function errors(...statuses: readonly ErrorStatus[]) {
  const all = new Set<ErrorStatus>([400, 403, 413, 415, 503, ...statuses]);
  const schemas: Record<number, TSchema> = { 500: Detail };
  for (const status of all) schemas[status] = status === 400 ? FieldErrors : Detail;
  schemas[429] = TooMany;
  return schemas;
}

/** Which proofs open the route: for its `security`. */
export const signedIn = [{ session: [] }, { token: [] }];
/** Nothing is needed. */
export const open: { [name: string]: string[] }[] = [{}];
