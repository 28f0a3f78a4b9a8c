// Tools that owners bring themselves: addresses that the receptionist may ask during a call.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { AppError } from '../../../lib/errors.ts';
import { faultTexts } from '../../../lib/fault-texts.ts';
import type { SchemaFault } from '../../../lib/fault-texts.ts';
import { newId } from '../../../lib/ids.ts';
import { askOwner, forModel } from '../../../reception/tools/http-tool.ts';
import type { OwnerToolParts } from '../../../reception/tools/http-tool.ts';
import { readSchema } from '../../../reception/tools/tool-schema.ts';
import {
  deleteHttpTool,
  insertHttpTool,
  listHttpTools,
  updateHttpTool,
} from '../../../store/clients/owner-tools.ts';
import type { HttpTool, HttpToolDetails } from '../../../store/clients/owner-tools.ts';
import type { Sql } from '../../../store/database/sql.ts';
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
import type { TargetParts } from '../../schemas/tool-target.ts';
import { toWire } from '../../schemas/wire.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** What every call has under these names. */
const taken =
  /^(get_available_slots|book_appointment|reschedule_appointment|cancel_appointment|take_message|transfer_call|end_call|look_up|recall_caller|text_code|check_code|press_keys|record_review|send_.*)$/;

const Parameters = Type.Object(
  {},
  {
    additionalProperties: true,
    description:
      'JSON Schema of an object: type, description, enum, properties, required, items, and bounds. The model fills it in.',
  },
);
const required = {
  name: Type.String({ pattern: '^[a-z][a-z0-9_]{0,47}$', examples: ['order_status'] }),
  description: Type.String({
    minLength: 1,
    maxLength: 1000,
    description: 'For the model: what it does, and when to use it.',
    examples: ['Tells how far an order is. Ask for its number first.'],
  }),
  url: Type.String({
    minLength: 1,
    maxLength: 2000,
    description:
      'https. Parameters in braces fill its path and query, as do {caller_phone} and {call_id}; the others go into the query, or into a JSON body.',
    examples: ['https://shop.example.com/orders/{number}'],
  }),
};
const more = {
  parameters: optional(Parameters),
  method: optional(Type.Enum([...methods])),
  headers: optional(Headers),
  timeout_ms: optional(Type.Integer({ minimum: 500, maximum: 5000 })),
  is_active: optional(Type.Boolean()),
};
const example = {
  name: 'order_status',
  description: 'Tells how far an order is. Ask for its number first.',
  url: 'https://shop.example.com/orders/{number}',
  parameters: {
    type: 'object',
    properties: { number: { type: 'string', description: 'The number of the order' } },
    required: ['number'],
  },
};
const NewTool = Type.Object({ ...required, ...more }, { examples: [example] });
const ToolChange = Type.Partial(Type.Object({ ...required, ...more }), {
  examples: [{ is_active: false }],
});
const ToolAnswer = Type.Object({
  id: Id,
  client_id: Id,
  name: Type.String(),
  description: Type.String(),
  url: Type.String(),
  parameters: Parameters,
  method: Type.String(),
  header_names: Type.Array(Type.String()),
  timeout_ms: Type.Integer(),
  is_active: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
const TestRun = Type.Object(
  { arguments: optional(Type.Object({}, { additionalProperties: true })) },
  { examples: [{ arguments: { number: '1234' } }] },
);
const TestResult = Type.Object({
  status: nullable(Type.Integer({ description: 'Of the answer; null without one.' })),
  elapsed_ms: Type.Integer({ examples: [120] }),
  answer: Type.String({
    description: 'What the model would read.',
    examples: ['{"state":"in the workshop"}'],
  }),
  error: nullable(Type.String({ description: 'Why there is no answer.' })),
});
const ofClient = Type.Object({ client_id: Id });
const ofTool = Type.Object({ client_id: Id, tool_id: Id });
const tags = ['Own tools'];

export type OwnerToolRoutesParts = { readonly sql: Sql } & OwnerToolParts & TargetParts;

export function ownerToolRoutes(parts: OwnerToolRoutesParts): FastifyPluginAsync {
  const { sql, clock } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/tools',
      {
        schema: {
          tags,
          summary: "List a client's own tools",
          description: 'By name. Of their headers only the names are shown.',
          security: signedIn,
          params: ofClient,
          response: { 200: Type.Array(ToolAnswer), ...errors(401, 404) },
        },
      },
      async (request) => (await listHttpTools(sql, request.params.client_id)).map(answerOf),
    );

    app.post(
      '/api/clients/:client_id/tools',
      {
        schema: {
          tags,
          summary: 'Create a tool',
          description:
            'From the next call on the model may use it. Addresses that are not public are refused, redirects are not followed.',
          security: signedIn,
          params: ofClient,
          body: NewTool,
          response: { 201: ToolAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const clientId = request.params.client_id;
        const body = writable(NewTool, request.body);
        const empty = { type: 'object', properties: {} };
        const change = detailsOf({ parameters: empty, headers: {}, ...body }, clientId);
        const usual = { method: 'GET', timeoutMs: 5000, isActive: true } as const;
        const tool = { ...usual, ...change } as HttpToolDetails;
        checkedUrl(tool.url, namesOf(tool.parameters), parts.loopbackOrigins);
        reply.code(201);
        return answerOf(await insertHttpTool(sql, { ...tool, id: newId(clock.now()), clientId }));
      },
    );

    app.patch(
      '/api/clients/:client_id/tools/:tool_id',
      {
        schema: {
          tags,
          summary: 'Change a tool',
          description:
            'Fields that are left out stay as they are. Headers are replaced as a whole.',
          security: signedIn,
          params: ofTool,
          body: ToolChange,
          response: { 200: ToolAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId } = request.params;
        const before = await toolOf(request.params);
        const change = detailsOf(writable(ToolChange, request.body), clientId);
        const after = { ...before, ...change };
        checkedUrl(after.url, namesOf(after.parameters), parts.loopbackOrigins);
        return answerOf(found(await updateHttpTool(sql, before, change)));
      },
    );

    app.delete(
      '/api/clients/:client_id/tools/:tool_id',
      {
        schema: {
          tags,
          summary: 'Delete a tool',
          security: signedIn,
          params: ofTool,
          response: { 200: Message, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, tool_id: id } = request.params;
        found((await deleteHttpTool(sql, { id, clientId })) || undefined);
        return { message: 'Tool deleted successfully' };
      },
    );

    app.post(
      '/api/clients/:client_id/tools/:tool_id/test',
      {
        schema: {
          tags,
          summary: 'Try a tool',
          description: 'Asks the address as a call would, for real, with these arguments.',
          security: signedIn,
          params: ofTool,
          body: TestRun,
          response: { 200: TestResult, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const tool = await toolOf(request.params);
        const { arguments: args = {} } = writable(TestRun, request.body);
        const check = Compile(tool.parameters);
        if (!check.Check(args)) {
          throw invalid('arguments', argumentFault(check.Errors(args)[0]));
        }
        return tryTool(tool, { ...args });
      },
    );
  };
  return routes;

  async function toolOf(ids: { client_id: string; tool_id: string }): Promise<HttpTool> {
    const tools = await listHttpTools(sql, ids.client_id);
    return found(tools.find(({ id }) => id === ids.tool_id));
  }

  async function tryTool(tool: HttpTool, args: Record<string, unknown>) {
    const startedMs = clock.elapsed();
    const { signal } = new AbortController();
    const elapsed = () => Math.round(clock.elapsed() - startedMs);
    try {
      const call = { callId: newId(clock.now()), callerPhone: undefined, signal };
      const { status, text } = await askOwner(parts, tool, args, call);
      return { status, elapsed_ms: elapsed(), answer: forModel(status, text), error: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { status: null, elapsed_ms: elapsed(), answer: '', error: error.publicMessage };
    }
  }

  function detailsOf(body: Static<typeof ToolChange>, clientId: string): Partial<HttpToolDetails> {
    const { headers, parameters, timeout_ms: timeoutMs, is_active: isActive, ...rest } = body;
    if (rest.name !== undefined && taken.test(rest.name)) {
      throw invalid('name', 'This name is taken by what every call has.');
    }
    return {
      ...(rest as Partial<HttpToolDetails>),
      ...(headers !== undefined && sealedHeaders(parts.sealer, clientId, headers)),
      ...(parameters !== undefined && { parameters: schemaOf(parameters) }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(isActive !== undefined && { isActive }),
    };
  }
}

function schemaOf(parameters: object): Readonly<Record<string, unknown>> {
  const reading = readSchema(parameters, { strict: true });
  if ('fault' in reading) throw invalid('parameters', reading.fault);
  return reading.schema;
}

/** Which argument, and what is wrong with it. A pattern is the owner's own: no words of ours know what it means. */
function argumentFault(
  fault: (SchemaFault & { readonly instancePath: string }) | undefined,
): string {
  if (!fault) return 'Not valid.';
  const { keyword, params, instancePath } = fault;
  const missing = keyword === 'required' ? params['requiredProperties'] : undefined;
  const path = [
    instancePath.slice(1).replaceAll('/', '.'),
    ...(Array.isArray(missing) ? missing.slice(0, 1) : []),
  ];
  const place = path.filter((part) => part !== '').join('.');
  const text =
    keyword === 'pattern'
      ? `Must match ${String(params['pattern'])}, as its parameters ask.`
      : undefined;
  const said = faultTexts([{ keyword, params, text }])[0] ?? 'Not valid.';
  return place === '' ? said : `${place}: ${said}`;
}

function namesOf(parameters: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(parameters['properties'] ?? {});
}

function answerOf(tool: HttpTool) {
  const { headersSealed: _, headerNames, parameters, ...rest } = tool;
  return { ...toWire(rest), header_names: [...headerNames], parameters: { ...parameters } };
}
