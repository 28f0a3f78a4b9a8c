// A server that offers tools by the Model Context Protocol, made with the protocol's own package: one session for each client.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { listen } from './socket-server.ts';

export interface McpStandIn {
  readonly url: string;
  readonly origin: string;
  /** Uses of its tools, in order. */
  readonly uses: { readonly name: string; readonly arguments: unknown }[];
  /** Headers of each request. */
  readonly headers: IncomingHttpHeaders[];
  /** What it offers, page by page. */
  pages: (readonly object[])[];
  /** What a tool answers; throws to fail. */
  answer: (name: string, args: Record<string, unknown>) => object;
}

/** Closed with its test. `json`: answers in one piece instead of a stream of events. */
export async function startMcpServer(
  t: { after(act: () => void): void },
  { json = false }: { json?: boolean } = {},
): Promise<McpStandIn> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer((request, response) => {
    standIn.headers.push(request.headers);
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    const session = known ? Promise.resolve(known) : open();
    void session.then((transport) => transport.handleRequest(request, response));
  });
  const origin = await listen(http);
  const standIn: McpStandIn = {
    url: `${origin}/mcp`,
    origin,
    uses: [],
    headers: [],
    pages: [[]],
    answer: (name) => ({ content: [{ type: 'text', text: `${name} is done` }] }),
  };
  t.after(() => {
    http.closeAllConnections();
    http.close();
  });
  return standIn;

  async function open(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: json,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    const server = new Server(
      { name: 'stand-in', version: '1.0.0' },
      { capabilities: { tools: {} } },
    );
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
      const page = Number(params?.cursor ?? 0);
      const more = page + 1 < standIn.pages.length;
      const tools = standIn.pages[page] as never;
      return Promise.resolve({ tools, ...(more && { nextCursor: String(page + 1) }) });
    });
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      standIn.uses.push({ name: params.name, arguments: params.arguments });
      return Promise.resolve(standIn.answer(params.name, params.arguments ?? {}) as never);
    });
    await server.connect(transport);
    return transport;
  }
}
