// What owners should know, over all their clients.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { listNotices, markAllNotices, markNotice } from '../../../store/clients/notices.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import { writable } from '../../schemas/fields.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
import { errors, Id, nullable, optional, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const NoticeAnswer = Type.Object(
  {
    id: Id,
    client_id: Id,
    kind: Type.String({ description: 'For programs.' }),
    severity: Type.Enum(['info', 'warning', 'error']),
    text: Type.String({ description: 'For people.' }),
    data: Type.Record(Type.String(), Type.Any()),
    read_at: nullable(Timestamp),
    created_at: Timestamp,
  },
  {
    examples: [
      {
        id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5d',
        client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
        kind: 'webhook_failed',
        severity: 'warning',
        text: 'A webhook (message.created) could not be delivered: The receiver answered with status 500.',
        data: {},
        read_at: null,
        created_at: '2026-02-06T10:00:00.000Z',
      },
    ],
  },
);
const Change = Type.Object({ read: Type.Boolean() }, { examples: [{ read: true }] });
const tags = ['Notices'];

export function noticeRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/notices',
      {
        schema: {
          tags,
          summary: 'List what you should know',
          description: `Of all your clients, newest first. ${pageHeaders}`,
          security: signedIn,
          querystring: Type.Object({
            ...pageQuery,
            client_id: optional(Id),
            unread: optional(Type.Boolean({ description: 'Only the unread, or only the read.' })),
          }),
          response: { 200: Type.Array(NoticeAnswer), ...errors(401) },
        },
      },
      async (request, reply) => {
        const { client_id: clientId, unread } = request.query;
        const reach = reachOf(userOf(request));
        const page = await listNotices(sql, reach, { clientId, unread }, parsePage(request.query));
        tellPage(request, reply, page);
        return page.rows.map(toWire);
      },
    );

    app.patch(
      '/api/notices/:notice_id',
      {
        schema: {
          tags,
          summary: 'Mark a notice as read or unread',
          security: signedIn,
          params: Type.Object({ notice_id: Id }),
          body: Change,
          response: { 200: NoticeAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { read } = writable(Change, request.body);
        const reach = reachOf(userOf(request));
        return toWire(found(await markNotice(sql, reach, { id: request.params.notice_id, read })));
      },
    );

    app.post(
      '/api/notices/read-all',
      {
        schema: {
          tags,
          summary: 'Mark all notices as read',
          security: signedIn,
          response: {
            200: Type.Object({ marked: Type.Integer() }, { examples: [{ marked: 3 }] }),
            ...errors(401, 403),
          },
        },
      },
      async (request) => ({ marked: await markAllNotices(sql, reachOf(userOf(request))) }),
    );
  };
  return routes;
}
