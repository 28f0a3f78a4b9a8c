// The conversations of a client as a table for spreadsheets: those that the list shows with the same filters.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { formatCsvLine } from '../../../lib/csv.ts';
import { listConversations } from '../../../store/conversations/conversation-list.ts';
import type {
  ConversationFilter,
  ListedConversation,
} from '../../../store/conversations/conversation-list.ts';
import { listReviews } from '../../../store/conversations/reviews.ts';
import type { Review } from '../../../store/conversations/reviews.ts';
import type { Keyset } from '../../../store/database/keyset.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { requireUser } from '../../identity/auth.ts';
import { conversationFilter, filterOf } from '../../schemas/conversation-filter.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, signedIn } from '../../schemas/schemas.ts';
import { sendTable, table } from '../../schemas/table.ts';

/** Read at once. */
const PORTION = 200;
/** More are exported a stretch of days at a time. */
const ROWS_MAX = 10_000;

const heads = [
  'started_at',
  'caller_phone',
  'contact_name',
  'channel',
  'direction',
  'duration',
  'outcome',
  'cost_dollars',
  'follow_up',
  'flags',
  'summary',
  'id',
];

export function conversationTableRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.get(
      '/api/clients/:client_id/conversations.csv',
      {
        onRequest: requireClient(sql),
        schema: {
          tags: ['Conversations'],
          summary: 'Export the conversations of a client',
          description: `Newest first, with the filters of the list, at most ${ROWS_MAX.toLocaleString('en-US')}. Times are UTC, durations seconds. Cells that a spreadsheet would take for a formula begin with an apostrophe.`,
          security: signedIn,
          params: Type.Object({ client_id: Id }),
          querystring: Type.Object(conversationFilter),
          response: {
            200: table,
            ...errors(401, 404),
          },
        },
      },
      async (request, reply) => {
        const filter = filterOf(request.params.client_id, request.query);
        return sendTable(reply, 'conversations.csv', lines(sql, filter));
      },
    );
  };
  return routes;
}

async function* lines(sql: Sql, filter: ConversationFilter) {
  yield formatCsvLine(heads);
  let after: Keyset | undefined;
  for (let count = 0; count < ROWS_MAX; count += PORTION) {
    const page = await listConversations(sql, filter, { limit: PORTION, offset: 0, after });
    const reviews = await listReviews(
      sql,
      page.rows.map(({ id }) => id),
    );
    yield page.rows.map((row) => lineOf(row, reviews.get(row.id))).join('');
    after = page.next;
    if (!after) return;
  }
}

function lineOf(row: ListedConversation, review: Review | undefined): string {
  return formatCsvLine([
    row.startedAt.toISOString(),
    row.callerPhone ?? '',
    row.contactName ?? '',
    row.channel,
    row.direction,
    Math.round(row.durationMs / 1000),
    row.outcome ?? '',
    row.costMicrodollars / 1_000_000,
    review?.followUp ? 'yes' : 'no',
    row.flags.join(' '),
    review?.summary ?? '',
    row.id,
  ]);
}
