// Tools that owners bring themselves: addresses to ask, and servers that offer tools. Their secrets are kept sealed.

import { AppError } from '../../lib/errors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Sql, SqlRunner } from '../database/sql.ts';
import { idempotent, sqlState, violatedConstraint } from '../database/store-error.ts';

export type ToolMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What both kinds have: where to ask, and with which headers. */
interface Target {
  readonly name: string;
  readonly url: string;
  readonly headerNames: readonly string[];
  readonly headersSealed: string | null;
  readonly isActive: boolean;
}

export interface HttpToolDetails extends Target {
  readonly description: string;
  /** JSON Schema of an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly method: ToolMethod;
  readonly timeoutMs: number;
}

export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface McpServerDetails extends Target {
  /** Names of the tools the owner allows; null for all. */
  readonly allowed: readonly string[] | null;
}

interface Kept {
  readonly id: string;
  readonly clientId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type HttpTool = HttpToolDetails & Kept;
export interface McpServer extends McpServerDetails, Kept {
  /** What it offered when it was last asked. */
  readonly tools: readonly OfferedTool[];
  readonly toolsAt: Date | null;
}

interface Owned {
  readonly id: string;
  readonly clientId: string;
}

/** More than a model keeps apart. */
const HTTP_TOOLS_MAX = 20;
const MCP_SERVERS_MAX = 5;

export async function listHttpTools(sql: Sql, clientId: string): Promise<HttpTool[]> {
  const rows = await idempotent(
    () => sql<HttpTool[]>`
      SELECT ${httpColumns(sql)} FROM owner_tools WHERE client_id = ${clientId} ORDER BY name`,
  );
  return [...rows];
}

export async function listMcpServers(sql: Sql, clientId: string): Promise<McpServer[]> {
  const rows = await idempotent(
    () => sql<McpServer[]>`
      SELECT ${mcpColumns(sql)} FROM mcp_servers WHERE client_id = ${clientId} ORDER BY name`,
  );
  return [...rows];
}

/** Throws `invalid` when the name is taken or there are too many. */
export async function insertHttpTool(sql: Sql, tool: HttpToolDetails & Owned): Promise<HttpTool> {
  const [row] = await namingName(() =>
    oneAtATime(
      sql,
      tool.clientId,
      (tx) => tx<HttpTool[]>`
      INSERT INTO owner_tools (id, client_id, name, description, parameters, method, url, header_names, headers_sealed,
        timeout_ms, is_active)
      SELECT ${tool.id}, ${tool.clientId}, ${tool.name}, ${tool.description}, ${tx.json(tool.parameters as never)},
        ${tool.method}, ${tool.url}, ${[...tool.headerNames]}::text[], ${tool.headersSealed}, ${tool.timeoutMs},
        ${tool.isActive}
      WHERE (SELECT count(*) FROM owner_tools WHERE client_id = ${tool.clientId}) < ${HTTP_TOOLS_MAX}
      RETURNING ${httpColumns(tx)}`,
    ),
  );
  return row ?? tooMany(`A client has at most ${HTTP_TOOLS_MAX} tools of its own.`);
}

/** Changes what is given; undefined when the client has no such tool. */
export async function updateHttpTool(
  sql: Sql,
  { id, clientId }: Owned,
  change: Partial<HttpToolDetails>,
): Promise<HttpTool | undefined> {
  const parameters = change.parameters === undefined ? null : sql.json(change.parameters as never);
  const [row] = await namingName(
    () => sql<HttpTool[]>`
      UPDATE owner_tools SET ${targetChange(sql, change)},
        description = coalesce(${change.description ?? null}, description),
        parameters = coalesce(${parameters}::jsonb, parameters), method = coalesce(${change.method ?? null}, method),
        timeout_ms = coalesce(${change.timeoutMs ?? null}, timeout_ms)
      WHERE id = ${id} AND client_id = ${clientId} RETURNING ${httpColumns(sql)}`,
  );
  return row;
}

export async function deleteHttpTool(sql: Sql, { id, clientId }: Owned): Promise<boolean> {
  const rows = await idempotent(
    () => sql`DELETE FROM owner_tools WHERE id = ${id} AND client_id = ${clientId} RETURNING 1`,
  );
  return rows.length > 0;
}

/** Throws `invalid` when the name is taken or there are too many. */
export async function insertMcpServer(
  sql: Sql,
  server: McpServerDetails & Owned,
): Promise<McpServer> {
  const [row] = await namingName(() =>
    oneAtATime(
      sql,
      server.clientId,
      (tx) => tx<McpServer[]>`
      INSERT INTO mcp_servers (id, client_id, name, url, header_names, headers_sealed, allowed, is_active)
      SELECT ${server.id}, ${server.clientId}, ${server.name}, ${server.url}, ${[...server.headerNames]}::text[],
        ${server.headersSealed}, ${server.allowed && [...server.allowed]}::text[], ${server.isActive}
      WHERE (SELECT count(*) FROM mcp_servers WHERE client_id = ${server.clientId}) < ${MCP_SERVERS_MAX}
      RETURNING ${mcpColumns(tx)}`,
    ),
  );
  return row ?? tooMany(`A client has at most ${MCP_SERVERS_MAX} servers.`);
}

/** Changes what is given; undefined when the client has no such server. */
export async function updateMcpServer(
  sql: Sql,
  { id, clientId }: Owned,
  change: Partial<McpServerDetails>,
): Promise<McpServer | undefined> {
  const { allowed } = change;
  const [row] = await namingName(
    () => sql<McpServer[]>`
      UPDATE mcp_servers SET ${targetChange(sql, change)},
        allowed = ${allowed === undefined ? sql`allowed` : sql`${allowed && [...allowed]}::text[]`}
      WHERE id = ${id} AND client_id = ${clientId} RETURNING ${mcpColumns(sql)}`,
  );
  return row;
}

/** What the server offers now. */
export async function saveOfferedTools(
  sql: Sql,
  { id, clientId }: Owned,
  tools: readonly OfferedTool[],
): Promise<McpServer | undefined> {
  const [row] = await idempotent(
    () => sql<McpServer[]>`
      UPDATE mcp_servers SET tools = ${sql.json(tools as never)}, tools_at = clock_timestamp()
      WHERE id = ${id} AND client_id = ${clientId} RETURNING ${mcpColumns(sql)}`,
  );
  return row;
}

export async function deleteMcpServer(sql: Sql, { id, clientId }: Owned): Promise<boolean> {
  const rows = await idempotent(
    () => sql`DELETE FROM mcp_servers WHERE id = ${id} AND client_id = ${clientId} RETURNING 1`,
  );
  return rows.length > 0;
}

/** Headers are replaced as a whole. */
function targetChange(sql: Sql, change: Partial<Target>) {
  const { headerNames } = change;
  return sql`
    name = coalesce(${change.name ?? null}, name), url = coalesce(${change.url ?? null}, url),
    is_active = coalesce(${change.isActive ?? null}, is_active), updated_at = clock_timestamp()
    ${
      headerNames === undefined
        ? sql``
        : sql`, header_names = ${[...headerNames]}::text[], headers_sealed = ${change.headersSealed ?? null}`
    }`;
}

async function namingName<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await idempotent(act);
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (sqlState(error) === '23505' && constraint?.endsWith('_name')) {
      const fields = { name: ['This client has one of this name.'] };
      throw new AppError('invalid', 'the name of a tool is taken', { cause: error, fields });
    }
    throw error;
  }
}

function tooMany(text: string): never {
  throw new AppError('invalid', 'too many tools', { fields: { name: [text] } });
}

function httpColumns(sql: SqlRunner) {
  return sql`id, client_id AS "clientId", name, description, parameters, method, url, header_names AS "headerNames",
    headers_sealed AS "headersSealed", timeout_ms AS "timeoutMs", is_active AS "isActive", created_at AS "createdAt",
    updated_at AS "updatedAt"`;
}

function mcpColumns(sql: SqlRunner) {
  return sql`id, client_id AS "clientId", name, url, header_names AS "headerNames", headers_sealed AS "headersSealed",
    tools, tools_at AS "toolsAt", allowed, is_active AS "isActive", created_at AS "createdAt",
    updated_at AS "updatedAt"`;
}
