// Servers of owners that offer tools by the Model Context Protocol.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { newId } from '../../../lib/ids.ts';
import { listOffered } from '../../../reception/tools/mcp-client.ts';
import {
  deleteMcpServer,
  insertMcpServer,
  listMcpServers,
  saveOfferedTools,
  updateMcpServer,
} from '../../../store/clients/owner-tools.ts';
import type { McpServer, McpServerDetails } from '../../../store/clients/owner-tools.ts';
import { found, requireUser } from '../../identity/auth.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import {
  errors,
  Id,
  Message,
  nullable,
  optional,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';
import { checkedUrl, Headers, sealedHeaders } from '../../schemas/tool-target.ts';
import { toWire } from '../../schemas/wire.ts';
import type { OwnerToolRoutesParts } from './owner-tools.ts';

const required = {
  name: Type.String({
    pattern: '^[a-z][a-z0-9_]{0,23}$',
    description: 'Stands before the names of its tools.',
    examples: ['shop'],
  }),
  url: Type.String({ minLength: 1, maxLength: 2000, examples: ['https://shop.example.com/mcp'] }),
};
const more = {
  headers: optional(Headers),
  allowed: optional(
    nullable(
      Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
        maxItems: 50,
        description: 'Names of the tools that calls may use; null for all.',
      }),
    ),
  ),
  is_active: optional(Type.Boolean()),
};
const NewServer = Type.Object(
  { ...required, ...more },
  { examples: [{ name: 'shop', url: 'https://shop.example.com/mcp' }] },
);
const ServerChange = Type.Partial(Type.Object({ ...required, ...more }), {
  examples: [{ allowed: ['order_status'] }],
});
const ServerAnswer = Type.Object({
  id: Id,
  client_id: Id,
  name: Type.String(),
  url: Type.String(),
  header_names: Type.Array(Type.String()),
  allowed: nullable(Type.Array(Type.String())),
  is_active: Type.Boolean(),
  tools: Type.Array(Type.Object({ name: Type.String(), description: Type.String() }), {
    description: 'What it offered when it was last asked.',
  }),
  tools_at: nullable(Timestamp),
  created_at: Timestamp,
  updated_at: Timestamp,
});
const ofClient = Type.Object({ client_id: Id });
const ofServer = Type.Object({ client_id: Id, server_id: Id });
const tags = ['Own tools'];

export function mcpServerRoutes(parts: OwnerToolRoutesParts): FastifyPluginAsync {
  const { sql, clock } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/mcp-servers',
      {
        schema: {
          tags,
          summary: 'List the tool servers of a client',
          security: signedIn,
          params: ofClient,
          response: { 200: Type.Array(ServerAnswer), ...errors(401, 404) },
        },
      },
      async (request) => (await listMcpServers(sql, request.params.client_id)).map(answerOf),
    );

    app.post(
      '/api/clients/:client_id/mcp-servers',
      {
        schema: {
          tags,
          summary: 'Create a tool server',
          description:
            'Model Context Protocol over HTTP. Ask it for its tools with `refresh`: before that calls have none of them.',
          security: signedIn,
          params: ofClient,
          body: NewServer,
          response: { 201: ServerAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const clientId = request.params.client_id;
        const change = detailsOf({ headers: {}, ...writable(NewServer, request.body) }, clientId);
        const server = { allowed: null, isActive: true, ...change } as McpServerDetails;
        reply.code(201);
        return answerOf(
          await insertMcpServer(sql, { ...server, id: newId(clock.now()), clientId }),
        );
      },
    );

    app.patch(
      '/api/clients/:client_id/mcp-servers/:server_id',
      {
        schema: {
          tags,
          summary: 'Change a tool server',
          description:
            'Fields that are left out stay as they are. Headers are replaced as a whole.',
          security: signedIn,
          params: ofServer,
          body: ServerChange,
          response: { 200: ServerAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, server_id: id } = request.params;
        const change = detailsOf(writable(ServerChange, request.body), clientId);
        return answerOf(found(await updateMcpServer(sql, { id, clientId }, change)));
      },
    );

    app.delete(
      '/api/clients/:client_id/mcp-servers/:server_id',
      {
        schema: {
          tags,
          summary: 'Delete a tool server',
          security: signedIn,
          params: ofServer,
          response: { 200: Message, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, server_id: id } = request.params;
        found((await deleteMcpServer(sql, { id, clientId })) || undefined);
        return { message: 'Tool server deleted successfully' };
      },
    );

    app.post(
      '/api/clients/:client_id/mcp-servers/:server_id/refresh',
      {
        schema: {
          tags,
          summary: 'Ask a tool server what it offers',
          description: 'Its tools are kept until they are asked for again.',
          security: signedIn,
          params: ofServer,
          response: { 200: ServerAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, server_id: serverId } = request.params;
        const servers = await listMcpServers(sql, clientId);
        const server = found(servers.find(({ id }) => id === serverId));
        const { signal } = new AbortController();
        const tools = await listOffered(parts, server, signal).catch(() => {
          throw invalid('url', 'The server did not say which tools it offers.');
        });
        return answerOf(found(await saveOfferedTools(sql, server, tools)));
      },
    );
  };
  return routes;

  function detailsOf(
    body: Static<typeof ServerChange>,
    clientId: string,
  ): Partial<McpServerDetails> {
    const { headers, is_active: isActive, ...rest } = body;
    if (rest.url !== undefined) checkedUrl(rest.url, [], parts.loopbackOrigins);
    return {
      ...rest,
      ...(headers !== undefined && sealedHeaders(parts.sealer, clientId, headers)),
      ...(isActive !== undefined && { isActive }),
    };
  }
}

function answerOf(server: McpServer) {
  const { headersSealed: _, headerNames, tools, allowed, ...rest } = server;
  return {
    ...toWire(rest),
    header_names: [...headerNames],
    allowed: allowed && [...allowed],
    tools: tools.map(({ name, description }) => ({ name, description })),
  };
}
