// Servers that offer tools by the Model Context Protocol: what they offer, and the use of it during a call.
// https://modelcontextprotocol.io/specification (Streamable HTTP)

import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { AppError } from '../../lib/errors.ts';
import type { GuardedFetch } from '../../lib/guarded-fetch.ts';
import type { Tool, ToolResult } from '../../pipeline/types.ts';
import type { McpServer, OfferedTool } from '../../store/clients/owner-tools.ts';
import { answerForModel, openHeaders } from './http-tool.ts';
import type { OwnerToolParts } from './http-tool.ts';
import { readSchema } from './tool-schema.ts';

/** Of one server; what comes after is left out. */
const TOOLS_MAX = 50;
const PAGES_MAX = 5;
const DESCRIPTION_MAX = 1000;
const NAME_MAX = 128;
/** A model's name for a tool. */
const MODEL_NAME_MAX = 64;
/** For one message and its answer. */
const MESSAGE_MS_MAX = 5000;

/** Read by the model beside what the tool says of it. */
const FAILED = 'The tool has failed.';

type AskedServer = Pick<McpServer, 'clientId' | 'name' | 'url' | 'headersSealed'>;

/** What the server offers now. Rejects with `vendor_failed` or `invalid` when it cannot be asked. */
export async function listOffered(
  parts: OwnerToolParts,
  server: AskedServer,
  signal: AbortSignal,
): Promise<OfferedTool[]> {
  const session = new Session(parts, server, signal);
  try {
    return await session.list();
  } finally {
    await session.close();
  }
}

/** The tools of a server for one call: those the owner allows, under names of their own. The server is asked at the first use. */
export function mcpTools(parts: OwnerToolParts, server: McpServer): readonly Tool[] {
  let session: Session | undefined;
  const allowed = server.allowed && new Set(server.allowed);
  return server.tools
    .filter(({ name }) => allowed?.has(name) ?? true)
    .map(({ name, description, parameters }) => ({
      name: modelName(server.name, name),
      description: description || name,
      parameters,
      async run(given, { signal }) {
        session ??= new Session(parts, server, signal);
        return session.use(name, given as Record<string, unknown>);
      },
    }));
}

function modelName(server: string, tool: string): string {
  return `${server}_${tool.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`.slice(0, MODEL_NAME_MAX);
}

/** One session with a server, opened at the first need. */
class Session {
  readonly #parts: OwnerToolParts;
  readonly #server: AskedServer;
  readonly #signal: AbortSignal;
  #client: Promise<Client> | undefined;

  constructor(parts: OwnerToolParts, server: AskedServer, signal: AbortSignal) {
    this.#parts = parts;
    this.#server = server;
    this.#signal = signal;
  }

  async list(): Promise<OfferedTool[]> {
    const offered: OfferedTool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < PAGES_MAX && offered.length < TOOLS_MAX; page += 1) {
      const answer = await this.#ask((client) =>
        client.listTools(cursor === undefined ? {} : { cursor }, this.#limits()),
      );
      for (const { name, description = '', inputSchema } of answer.tools) {
        const reading = readSchema(inputSchema, { strict: false });
        if (name.length > NAME_MAX || 'fault' in reading) continue;
        const cut = description.slice(0, DESCRIPTION_MAX).toWellFormed();
        offered.push({ name, description: cut, parameters: reading.schema });
      }
      cursor = answer.nextCursor;
      if (cursor === undefined) break;
    }
    return offered.slice(0, TOOLS_MAX);
  }

  async use(name: string, args: Record<string, unknown>): Promise<ToolResult> {
    const answer = await this.#ask((client) =>
      client.callTool({ name, arguments: args }, undefined, this.#limits()),
    );
    const content = Array.isArray(answer.content) ? (answer.content as unknown[]) : [];
    const texts = content.map((piece) => {
      const { type, text } = piece as { type?: unknown; text?: unknown };
      return type === 'text' && typeof text === 'string' ? text : '';
    });
    const failed = answer.isError === true;
    return { text: answerForModel(texts.join('\n'), failed ? FAILED : undefined), failed };
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.close().catch(() => {});
  }

  #limits(): { timeout: number; signal: AbortSignal } {
    return { timeout: MESSAGE_MS_MAX, signal: this.#signal };
  }

  /** What the server says in an error is not for our log, nor for the model. */
  async #ask<T>(act: (client: Client) => Promise<T>): Promise<T> {
    try {
      this.#client ??= this.#open();
      return await act(await this.#client);
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#client = undefined;
      if (error instanceof AppError) throw error;
      throw new AppError('vendor_failed', `the server of the owner's tools failed`);
    }
  }

  async #open(): Promise<Client> {
    const [{ Client }, { StreamableHTTPClientTransport }] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    ]);
    const { fetch, sealer } = this.#parts;
    const { url } = this.#server;
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: openHeaders(sealer, this.#server) },
      fetch: guarded(fetch, this.#signal),
      reconnectionOptions: {
        maxRetries: 0,
        initialReconnectionDelay: 1000,
        maxReconnectionDelay: 1000,
        reconnectionDelayGrowFactor: 1,
      },
    });
    const client = new Client(
      { name: 'frontdesk', version: '1.0.0' },
      { jsonSchemaValidator: unchecked },
    );
    await client.connect(transport, this.#limits());
    return client;
  }
}

/** The package would compile what a server sends as schemas of its answers: we look at answers ourselves. */
const unchecked: jsonSchemaValidator = {
  getValidator:
    <T>() =>
    (data: unknown) => ({ valid: true, data: data as T & ({} | null), errorMessage: undefined }),
};

/** The package's requests by our own way. Streams that a server may push by are never opened: nobody listens. */
function guarded(fetch: GuardedFetch, signal: AbortSignal) {
  return async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? 'GET';
    if (method !== 'POST' && method !== 'DELETE') return new Response(null, { status: 405 });
    const answer = await fetch(String(url), {
      method,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(typeof init.body === 'string' && { body: init.body }),
      signal,
    });
    const empty = answer.status === 204 || answer.status === 205 || answer.status === 304;
    return new Response(empty ? null : answer.text, {
      status: answer.status,
      headers: withoutEncoding(answer.headers),
    });
  };
}

/** The body has been read as it was. */
function withoutEncoding(headers: Readonly<Record<string, string>>): Record<string, string> {
  const {
    'content-encoding': _,
    'transfer-encoding': __,
    'content-length': ___,
    ...rest
  } = headers;
  return rest;
}
