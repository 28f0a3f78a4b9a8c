// What an owner wants to know of every call once it is over.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { findReviewSettings, saveReviewSettings } from '../../../store/conversations/reviews.ts';
import type { ReviewSettings } from '../../../store/conversations/reviews.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { requireUser } from '../../identity/auth.ts';
import { refuse, writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, optional, signedIn } from '../../schemas/schemas.ts';

const FIELDS_MAX = 20;

const Field = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$', examples: ['party_size'] }),
    type: Type.Enum(['text', 'number', 'boolean']),
    description: optional(
      Type.String({
        maxLength: 300,
        description: 'For the model: what is meant.',
        examples: ['How many people will come'],
      }),
    ),
  },
  { additionalProperties: false },
);
const settings = {
  is_enabled: Type.Boolean({
    description: 'Whether the model sums up each call. It costs what a turn costs.',
  }),
  fields: Type.Array(Field, { maxItems: FIELDS_MAX, description: 'Looked for in every call.' }),
};
const example = {
  is_enabled: true,
  fields: [{ name: 'party_size', type: 'number', description: 'How many people will come' }],
};
const Settings = Type.Object(settings, { examples: [example] });
const Change = Type.Partial(Type.Object(settings), { examples: [example] });

const ofClient = Type.Object({ client_id: Id });
const tags = ['After the call'];

export function reviewSettingsRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/review-settings',
      {
        schema: {
          tags,
          summary: 'Get what is made of a call once it is over',
          description:
            'A summary, whether the caller was helped, whether somebody has to act, and the fields named here. They stand in the conversation and in the webhook `call.completed`.',
          security: signedIn,
          params: ofClient,
          response: { 200: Settings, ...errors(401, 404) },
        },
      },
      async (request) => answerOf(await findReviewSettings(sql, request.params.client_id)),
    );

    app.patch(
      '/api/clients/:client_id/review-settings',
      {
        schema: {
          tags,
          summary: 'Change what is made of a call once it is over',
          description: 'For calls that end from now on. What is left out stays as it is.',
          security: signedIn,
          params: ofClient,
          body: Change,
          response: { 200: Settings, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const clientId = request.params.client_id;
        const body = writable(Change, request.body);
        const names = (body.fields ?? []).map(({ name }) => name);
        if (new Set(names).size < names.length) {
          refuse({ fields: ['Each name may stand there once.'] });
        }
        const saved = await saveReviewSettings(sql, clientId, {
          isEnabled: body.is_enabled,
          fields: body.fields?.map(({ description = '', ...field }) => ({ ...field, description })),
        });
        return answerOf(saved);
      },
    );
  };
  return routes;
}

function answerOf({ isEnabled, fields }: ReviewSettings) {
  return { is_enabled: isEnabled, fields: fields.map((field) => ({ ...field })) };
}
