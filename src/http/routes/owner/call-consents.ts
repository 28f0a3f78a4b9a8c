// Who may be called by a client, and who does not want to be.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { listConsents, saveConsent } from '../../../store/calls/call-consents.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { requireUser } from '../../identity/auth.ts';
import { phoneNumberOf, writable } from '../../schemas/fields.ts';
import { pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, PhoneNumber, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const State = Type.Enum(['given', 'refused']);
const Body = Type.Object(
  { phone_number: Type.String({ maxLength: 40 }), state: State },
  { examples: [{ phone_number: '+12025550145', state: 'given' }] },
);
const Answer = Type.Object({
  phone_number: PhoneNumber,
  state: State,
  source: Type.Enum(['owner', 'call'], { description: 'Who wrote it down.' }),
  at: Timestamp,
});
const ofClient = Type.Object({ client_id: Id });
const tags = ['Calls to people'];

export function callConsentRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/call-consents',
      {
        schema: {
          tags,
          summary: 'List who may be called',
          description: `The latest first. ${pageHeaders}`,
          security: signedIn,
          params: ofClient,
          querystring: Type.Object(pageQuery),
          response: { 200: Type.Array(Answer), ...errors(401, 404) },
        },
      },
      async (request, reply) => {
        const page = await listConsents(sql, request.params.client_id, parsePage(request.query));
        tellPage(request, reply, page);
        return page.rows.map(({ id: _id, ...row }) => toWire(row));
      },
    );

    app.put(
      '/api/clients/:client_id/call-consents',
      {
        schema: {
          tags,
          summary: 'Write down whether somebody may be called',
          description: 'What is written last counts.',
          security: signedIn,
          params: ofClient,
          body: Body,
          response: { 200: Answer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { phone_number: number, state } = writable(Body, request.body);
        const phoneNumber = phoneNumberOf('phone_number', number);
        const consent = { phoneNumber, state, source: 'owner' } as const;
        return toWire(await saveConsent(sql, request.params.client_id, consent));
      },
    );
  };
  return routes;
}
