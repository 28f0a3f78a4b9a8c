// What is kept of a call's sound, as one file that can be played from anywhere in it.

import { Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { openPlayback, parseRange } from '../../../recording/playback.ts';
import type { Shelf } from '../../../recording/shelf.ts';
import { listRecordings } from '../../../store/calls/recordings.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import { errors, Id, signedIn } from '../../schemas/schemas.ts';

const sound = { 'audio/wav': { schema: Type.String({ format: 'binary' }) } };
const tags = ['Conversations'];

export interface RecordingRoutesParts {
  readonly sql: Sql;
  readonly shelf: Shelf;
}

export function recordingRoutes({ sql, shelf }: RecordingRoutesParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/conversations/:conversation_id/recording',
      {
        schema: {
          tags,
          summary: 'Listen to the recording of a conversation',
          description:
            'WAV, mu-law, two channels: the caller left, we right. One range may be asked for. 404 when nothing was recorded, or it is not kept any more.',
          security: signedIn,
          params: Type.Object({ conversation_id: Id }),
          response: {
            200: { description: 'The whole file.', content: sound },
            206: { description: 'The range that was asked for.', content: sound },
            416: {
              description: 'There is no such range; Content-Range says how long the file is.',
              content: { 'text/plain': { schema: Type.String() } },
            },
            ...errors(401, 404),
          },
        },
      },
      async (request, reply) => {
        const reach = reachOf(userOf(request));
        const recordings = await listRecordings(sql, reach, request.params.conversation_id);
        const playback = found(openPlayback(shelf, recordings), 'There is no recording.');
        const { length } = playback;
        reply.header('accept-ranges', 'bytes');
        const range = parseRange(request.headers.range, length);
        if (range === 'unsatisfiable') {
          reply.code(416).header('content-range', `bytes */${length}`);
          return reply.type('text/plain').send('');
        }
        const { from, to } = range ?? { from: 0, to: length };
        if (range) reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${length}`);
        reply.header('content-length', to - from);
        reply.header('content-disposition', 'inline; filename="recording.wav"');
        reply.header('cache-control', 'private, no-store');
        reply.type('audio/wav');
        return reply.send(Readable.from(playback.read(from, to)) as never);
      },
    );
  };
  return routes;
}
