// Commands of the bot: kept for administrators, read for every conversation.

import { changedNow, namedColumns } from '../database/named-columns.ts';
import type { Change } from '../database/named-columns.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent, violatedConstraint } from '../database/store-error.ts';

export interface BotCommand {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Null: of all clients and of the assistant. */
  readonly clientId: string | null;
  readonly triggers: readonly string[];
  /** Either this or a tool. */
  readonly reply: string | null;
  readonly tool: string | null;
  readonly isActive: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type CommandSettings = Omit<BotCommand, 'id' | 'createdAt' | 'updatedAt'>;

export async function listBotCommands(sql: Sql): Promise<BotCommand[]> {
  const rows = await idempotent(
    () => sql<BotCommand[]>`SELECT ${columns(sql)} FROM bot_commands ORDER BY name`,
  );
  return [...rows];
}

export async function findBotCommand(sql: Sql, id: string): Promise<BotCommand | undefined> {
  const [row] = await idempotent(
    () => sql<BotCommand[]>`SELECT ${columns(sql)} FROM bot_commands WHERE id = ${id}`,
  );
  return row;
}

/** `taken` when the name is another's, `no client` when there is none. */
export async function insertBotCommand(
  sql: Sql,
  { id, ...given }: CommandSettings & { readonly id: string },
): Promise<'taken' | 'no client' | BotCommand> {
  return guarded(async () => {
    const [row] = await sql<BotCommand[]>`
      INSERT INTO bot_commands (id, name, description, client_id, triggers, reply, tool, is_active)
      VALUES (${id}, ${given.name}, ${given.description}, ${given.clientId}, ${[...given.triggers]}, ${given.reply},
        ${given.tool}, ${given.isActive})
      RETURNING ${columns(sql)}`;
    return row!;
  });
}

/** Changes what is given: a reply and a tool together, since one takes the place of the other. Undefined without such a command. */
export async function updateBotCommand(
  sql: Sql,
  id: string,
  change: Change<CommandSettings>,
): Promise<'taken' | 'no client' | BotCommand | undefined> {
  return guarded(async () => {
    const named = { ...namedColumns(change), ...changedNow(sql) };
    const [row] = await sql<BotCommand[]>`
      UPDATE bot_commands SET ${sql(named)} WHERE id = ${id} RETURNING ${columns(sql)}`;
    return row;
  });
}

export async function deleteBotCommand(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql`DELETE FROM bot_commands WHERE id = ${id} RETURNING 1`;
  return rows.length > 0;
}

async function guarded<T>(act: () => Promise<T>): Promise<T | 'taken' | 'no client'> {
  try {
    return await act();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'bot_commands_name') return 'taken';
    if (constraint === 'bot_commands_client_id_fkey') return 'no client';
    throw error;
  }
}

function columns(sql: Sql) {
  return sql`
    id, name, description, client_id AS "clientId", triggers, reply, tool, is_active AS "isActive",
    created_at AS "createdAt", updated_at AS "updatedAt"`;
}
