// The system configuration in the hands of administrators, with who changed what when.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { SystemSettings } from '../../../reception/settings.ts';
import type { Settings } from '../../../reception/settings.ts';
import { listSettingsHistory } from '../../../store/service/settings.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { requireRole, requireUser, userOf } from '../../identity/auth.ts';
import { endpointRates } from '../../every-request/endpoint-rates.ts';
import { writable } from '../../schemas/fields.ts';
import { isRowNumber, pageHeaders, pageQuery, parsePage, tellPage } from '../../schemas/page.ts';
import { errors, Id, nullable, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

export const ConfigGiven = Type.Object({
  config: Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { minProperties: 1 }),
});

const Changed = Type.Object({
  id: Type.Integer(),
  key: Type.String(),
  before: Type.Unknown({ description: 'Null: the default.' }),
  after: Type.Unknown(),
  changed_by: nullable(Id),
  changed_by_name: Type.String(),
  changed_at: Timestamp,
});
const SystemConfig = Type.Object({ config: SystemSettings });
const tags = ['Administration: configuration'];
const config = { rate: endpointRates.default };

export interface AdminConfigParts {
  readonly sql: Sql;
  readonly settings: Settings;
}

/** contracts/gateway-api.md "System Configuration". */
export function adminConfigRoutes({ sql, settings }: AdminConfigParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireRole('admin', 'moderator'));

    app.get(
      '/admin/config',
      {
        config,
        schema: {
          tags,
          summary: 'Get the system configuration',
          security: signedIn,
          response: { 200: SystemConfig, ...errors(401) },
        },
      },
      async () => ({ config: await settings.system() }),
    );

    app.put(
      '/admin/config',
      {
        config,
        schema: {
          tags,
          summary: 'Update the system configuration',
          description:
            'Keys that are left out stay; unknown keys are refused. Holds within two seconds in every process.',
          security: signedIn,
          body: Type.Object(ConfigGiven.properties, {
            examples: [{ config: { chat_turn_seconds: 10 } }],
          }),
          response: { 200: SystemConfig, ...errors(401) },
        },
      },
      async (request) => {
        const { id, name } = userOf(request);
        const { config: changes } = writable(ConfigGiven, request.body);
        await settings.change('system', changes, { id, name });
        return { config: await settings.system() };
      },
    );

    for (const [path, scope] of [
      ['/admin/config/history', 'system'],
      ['/admin/bot/config/history', 'bot'],
    ] as const) {
      app.get(
        path,
        {
          config,
          schema: {
            tags,
            summary: `Who changed the ${scope} configuration`,
            description: `Newest first. ${pageHeaders}`,
            security: signedIn,
            querystring: Type.Object(pageQuery),
            response: { 200: Type.Array(Changed), ...errors(401) },
          },
        },
        async (request, reply) => {
          const asked = parsePage(request.query, isRowNumber);
          const page = await listSettingsHistory(sql, scope, asked);
          tellPage(request, reply, page);
          return page.rows.map((row) => toWire({ ...row, id: Number(row.id) }));
        },
      );
    }
  };
  return routes;
}
