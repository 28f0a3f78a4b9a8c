// The bot in the hands of administrators: what binds uploads and the assistant, how it is doing, its commands.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Clock } from '../../../lib/clock.ts';
import { newId } from '../../../lib/ids.ts';
import { commandTools } from '../../../reception/doors/commands.ts';
import type { Commands } from '../../../reception/doors/commands.ts';
import { BotSettings } from '../../../reception/settings.ts';
import type { Settings } from '../../../reception/settings.ts';
import {
  deleteBotCommand,
  findBotCommand,
  insertBotCommand,
  listBotCommands,
  updateBotCommand,
} from '../../../store/service/bot-commands.ts';
import type { BotCommand, CommandSettings } from '../../../store/service/bot-commands.ts';
import type { Change } from '../../../store/database/named-columns.ts';
import { countByChannel, findTotals } from '../../../store/conversations/conversation-metrics.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireRole, requireUser, userOf } from '../../identity/auth.ts';
import { endpointRates } from '../../every-request/endpoint-rates.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import {
  errors,
  Id,
  Message,
  nullable,
  optional,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';
import { ConfigGiven } from './admin-config.ts';

const DAY_MS = 86_400_000;

const Command = Type.Object({
  id: Id,
  name: Type.String(),
  description: Type.String(),
  client_id: nullable(Id),
  triggers: Type.Array(Type.String()),
  reply: nullable(Type.String()),
  tool: nullable(Type.String()),
  is_active: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
const fields = {
  name: Type.String({
    pattern: '^[a-z0-9][a-z0-9_-]{0,59}$',
    'x-messages': { pattern: 'Small letters, digits, - and _, at most 60.' },
  }),
  description: optional(Type.String({ maxLength: 500 })),
  client_id: optional(nullable(Id)),
  triggers: Type.Array(
    Type.String({ minLength: 2, maxLength: 100, pattern: '[\\p{L}\\p{N}]{2}' }),
    {
      minItems: 1,
      maxItems: 20,
      description: 'Words or phrases; one that stands in what is said triggers the command.',
    },
  ),
  reply: optional(nullable(Type.String({ minLength: 1, maxLength: 1000, pattern: '\\S' }))),
  tool: optional(
    nullable(
      Type.Union(
        commandTools.map((name) => Type.Literal(name)),
        { description: 'Instead of a reply: runs where it is on offer, and the model words it.' },
      ),
    ),
  ),
  is_active: optional(Type.Boolean()),
};
const CommandGiven = Type.Object(fields, {
  examples: [
    { name: 'parking', triggers: ['parking', 'where to park'], reply: 'Behind the house.' },
  ],
});
const CommandChanged = Type.Object(
  { ...fields, name: optional(fields.name), triggers: optional(fields.triggers) },
  { examples: [{ is_active: false }] },
);
const configExample = {
  config: { max_file_size: 10_485_760, supported_languages: ['en', 'es', 'fr'] },
};
const BotConfig = Type.Object(
  { config: BotSettings },
  { examples: [{ config: { ...configExample.config, system_prompt: '', greeting: '' } }] },
);
const params = Type.Object({ command_id: Id });
const tags = ['Administration: bot'];
const config = { rate: endpointRates.default };

export interface AdminBotParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly version: string;
  readonly settings: Settings;
  readonly commands: Commands;
  readonly running: { readonly calls: () => number; readonly uptimeSeconds: () => number };
}

/** contracts/gateway-api.md "Bot Management". */
export function adminBotRoutes(parts: AdminBotParts): FastifyPluginAsync {
  const { sql, clock, settings, commands, running } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireRole('admin', 'moderator'));

    app.get(
      '/admin/bot/config',
      {
        config,
        schema: {
          tags,
          summary: 'Get the bot configuration',
          security: signedIn,
          response: { 200: BotConfig, ...errors(401) },
        },
      },
      async () => ({ config: await settings.bot() }),
    );

    app.put(
      '/admin/bot/config',
      {
        config,
        schema: {
          tags,
          summary: 'Update the bot configuration',
          description: 'Keys that are left out stay; unknown keys are refused. Holds at once.',
          security: signedIn,
          body: Type.Object(ConfigGiven.properties, {
            examples: [configExample],
          }),
          response: { 200: BotConfig, ...errors(401) },
        },
      },
      async (request) => {
        const { id, name } = userOf(request);
        const { config: changes } = writable(ConfigGiven, request.body);
        await settings.change('bot', changes, { id, name });
        return { config: await settings.bot() };
      },
    );

    app.get(
      '/admin/bot/status',
      {
        config,
        schema: {
          tags,
          summary: 'Get the bot status',
          security: signedIn,
          response: {
            200: Type.Object({
              status: Type.Literal('online'),
              version: Type.String({ examples: ['1.0.0'] }),
              uptime: Type.Integer({ description: 'Seconds, of this process.' }),
              active_calls: Type.Integer({ description: 'In this process.' }),
              active_commands: Type.Integer(),
            }),
            ...errors(401),
          },
        },
      },
      async () => ({
        status: 'online' as const,
        version: parts.version,
        uptime: running.uptimeSeconds(),
        active_calls: running.calls(),
        active_commands: (await listBotCommands(sql)).filter(({ isActive }) => isActive).length,
      }),
    );

    app.get(
      '/admin/bot/stats',
      {
        config,
        schema: {
          tags,
          summary: 'Get bot statistics',
          description: 'Of everything there is, and of the last 24 hours.',
          security: signedIn,
          response: {
            200: Type.Object({
              total_conversations: Type.Integer({ examples: [120] }),
              total_messages: Type.Integer(),
              active_users: Type.Integer(),
              average_response_time: nullable(Type.Number({ description: 'Seconds.' })),
              conversations_by_channel: Type.Record(Type.String(), Type.Integer()),
              last_24_hours: Type.Object({
                conversations: Type.Integer(),
                messages: Type.Integer(),
                active_users: Type.Integer(),
              }),
            }),
            ...errors(401),
          },
        },
      },
      async () => {
        const from = new Date(clock.now() - DAY_MS);
        const everybody = { userId: undefined, until: undefined };
        const [all, day, channels] = await Promise.all([
          findTotals(sql, { ...everybody, from: undefined }),
          findTotals(sql, { ...everybody, from }),
          countByChannel(sql),
        ]);
        return {
          total_conversations: all.conversations,
          total_messages: all.messages,
          active_users: all.activeUsers,
          average_response_time: all.averageResponseTime,
          conversations_by_channel: channels,
          last_24_hours: {
            conversations: day.conversations,
            messages: day.messages,
            active_users: day.activeUsers,
          },
        };
      },
    );

    app.get(
      '/admin/bot/commands',
      {
        config,
        schema: {
          tags,
          summary: 'List bot commands',
          security: signedIn,
          response: { 200: Type.Array(Command), ...errors(401) },
        },
      },
      async () => (await listBotCommands(sql)).map(shown),
    );

    app.post(
      '/admin/bot/commands',
      {
        config,
        schema: {
          tags,
          summary: 'Create a bot command',
          description:
            'A name, words that trigger it, and a reply or a tool. What triggers one is answered without the model, in chats and calls; the longest trigger counts.',
          security: signedIn,
          body: CommandGiven,
          response: { 201: Command, ...errors(401) },
        },
      },
      async (request, reply) => {
        const given = complete(writable(CommandGiven, request.body));
        const made = await insertBotCommand(sql, { ...given, id: newId(clock.now()) });
        commands.forget();
        return reply.code(201).send(shown(stored(made)));
      },
    );

    app.put(
      '/admin/bot/commands/:command_id',
      {
        config,
        schema: {
          tags,
          summary: 'Update a bot command',
          description:
            'What is left out stays; a reply takes the place of a tool and the other way round.',
          security: signedIn,
          params,
          body: CommandChanged,
          response: { 200: Command, ...errors(401, 404) },
        },
      },
      async (request) => {
        const { command_id: id } = request.params;
        const before = found(await findBotCommand(sql, id));
        const given = writable(CommandChanged, request.body, shown(before));
        const changed = await updateBotCommand(sql, id, changeOf(given));
        commands.forget();
        return shown(stored(found(changed)));
      },
    );

    app.delete(
      '/admin/bot/commands/:command_id',
      {
        config,
        schema: {
          tags,
          summary: 'Delete a bot command',
          security: signedIn,
          params,
          response: { 200: Message, ...errors(401, 404) },
        },
      },
      async (request) => {
        found((await deleteBotCommand(sql, request.params.command_id)) || undefined);
        commands.forget();
        return { message: 'Command deleted' };
      },
    );
  };
  return routes;
}

/** The whole of a new command. Throws `invalid` unless it is a reply or a tool. */
function complete(given: Static<typeof CommandGiven>): CommandSettings {
  const { name, triggers } = given;
  const change = changeOf(given);
  const { description = '', clientId = null, reply = null, tool = null, isActive = true } = change;
  if (!reply && !tool) throw invalid('reply', 'A reply or a tool is required.');
  return { name, description, clientId, triggers, reply, tool, isActive };
}

/** What a body names. A reply takes the place of a tool and the other way round. */
function changeOf(given: Static<typeof CommandChanged>): Change<CommandSettings> {
  const { reply = null, tool = null } = given;
  if (reply && tool) throw invalid('tool', 'Either a reply or a tool.');
  return {
    name: given.name,
    description: given.description,
    clientId: given.client_id,
    triggers: given.triggers,
    isActive: given.is_active,
    ...((reply || tool) && { reply, tool }),
  };
}

function stored(made: BotCommand | 'taken' | 'no client'): BotCommand {
  if (made === 'taken') throw invalid('name', 'There is a command of this name already.');
  if (made === 'no client') throw invalid('client_id', 'There is no such client.');
  return made;
}

function shown(command: BotCommand) {
  return { ...toWire(command), triggers: [...command.triggers] };
}
