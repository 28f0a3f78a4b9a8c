// What the receptionist knows about the business, as the owner writes it, and what it would find for a question.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Clock } from '../../../lib/clock.ts';
import { newId } from '../../../lib/ids.ts';
import { findPassages, passagesOf } from '../../../reception/tools/knowledge.ts';
import {
  deleteSection,
  insertSection,
  listSections,
  updateSection,
} from '../../../store/clients/knowledge.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireUser } from '../../identity/auth.ts';
import { writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, Message, optional, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const required = {
  title: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', examples: ['Parking'] }),
  text: Type.String({
    minLength: 1,
    maxLength: 20_000,
    pattern: '\\S',
    examples: ['Behind the house, free for an hour.'],
  }),
};
const position = Type.Integer({ minimum: 0, maximum: 1000 });
const example = { title: 'Parking', text: 'Behind the house, free for an hour.' };
const NewSection = Type.Object(
  { ...required, position: optional(position) },
  { examples: [example] },
);
const SectionChange = Type.Partial(Type.Object({ ...required, position }), {
  examples: [{ text: 'In the street.' }],
});
const SectionAnswer = Type.Object({
  id: Id,
  client_id: Id,
  title: Type.String(),
  text: Type.String(),
  position: Type.Integer(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
const Passages = Type.Array(
  Type.Object({
    title: Type.String({ examples: ['Parking'] }),
    text: Type.String({ examples: ['You can park behind the house.'] }),
  }),
);
const ofClient = Type.Object({ client_id: Id });
const ofSection = Type.Object({ client_id: Id, section_id: Id });
const tags = ['Knowledge'];

export function knowledgeRoutes({ sql, clock }: { sql: Sql; clock: Clock }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/knowledge',
      {
        schema: {
          tags,
          summary: 'List what the receptionist knows',
          description:
            'All sections, in their order. Up to 4000 characters in all stand in the instructions of every call; of more the model looks up what it needs.',
          security: signedIn,
          params: ofClient,
          response: { 200: Type.Array(SectionAnswer), ...errors(401, 404) },
        },
      },
      async (request) => (await listSections(sql, request.params.client_id)).map(toWire),
    );

    app.post(
      '/api/clients/:client_id/knowledge',
      {
        schema: {
          tags,
          summary: 'Create a section of knowledge',
          security: signedIn,
          params: ofClient,
          body: NewSection,
          response: { 201: SectionAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const { title, text, position: place = 0 } = writable(NewSection, request.body);
        const id = newId(clock.now());
        const section = { id, clientId: request.params.client_id, title, text, position: place };
        reply.code(201);
        return toWire(await insertSection(sql, section, passagesOf(text)));
      },
    );

    app.patch(
      '/api/clients/:client_id/knowledge/:section_id',
      {
        schema: {
          tags,
          summary: 'Change a section of knowledge',
          description: 'Fields that are left out stay as they are.',
          security: signedIn,
          params: ofSection,
          body: SectionChange,
          response: { 200: SectionAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, section_id: id } = request.params;
        const change = writable(SectionChange, request.body);
        return toWire(found(await updateSection(sql, { id, clientId }, change, passagesOf)));
      },
    );

    app.delete(
      '/api/clients/:client_id/knowledge/:section_id',
      {
        schema: {
          tags,
          summary: 'Delete a section of knowledge',
          security: signedIn,
          params: ofSection,
          response: { 200: Message, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, section_id: id } = request.params;
        found((await deleteSection(sql, { id, clientId })) || undefined);
        return { message: 'Section deleted successfully' };
      },
    );

    app.get(
      '/api/clients/:client_id/knowledge/search',
      {
        schema: {
          tags,
          summary: 'Look something up in the knowledge',
          description: 'The passages that the model would read for this question, best first.',
          security: signedIn,
          params: ofClient,
          querystring: Type.Object({
            q: Type.String({ minLength: 1, maxLength: 300, examples: ['Where can I park?'] }),
          }),
          response: { 200: Passages, ...errors(401, 404) },
        },
      },
      async (request) => {
        const passages = await findPassages(sql, request.params.client_id, request.query.q);
        return passages.map((passage) => ({ ...passage }));
      },
    );
  };
  return routes;
}
