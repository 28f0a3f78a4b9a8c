// The people of a business that callers may be put through to.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Clock } from '../../../lib/clock.ts';
import { newId } from '../../../lib/ids.ts';
import {
  deleteTransferTarget,
  insertTransferTarget,
  listTransferTargets,
  updateTransferTarget,
} from '../../../store/clients/transfer-targets.ts';
import type { TransferDetails } from '../../../store/clients/transfer-targets.ts';
import { findPhoneNumber } from '../../../store/clients/clients.ts';
import { findLineSettings } from '../../../store/clients/line-settings.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireUser } from '../../identity/auth.ts';
import { refuseCircleTo } from '../../schemas/circles.ts';
import { dialFault } from '../../schemas/dialable.ts';
import { invalid, phoneNumberOf, writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import {
  errors,
  Id,
  Message,
  optional,
  PhoneNumber,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';

const details = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', examples: ['Dr. Ruiz'] }),
  phone_number: Type.String({ maxLength: 40, examples: ['+12025550145'] }),
};
const more = {
  description: optional(
    Type.String({
      maxLength: 500,
      description: 'When to choose this one.',
      examples: ['Emergencies'],
    }),
  ),
  position: optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  is_active: optional(Type.Boolean()),
};
const NewTarget = Type.Object(
  { ...details, ...more },
  { examples: [{ name: 'Dr. Ruiz', phone_number: '+12025550145', description: 'Emergencies' }] },
);
const TargetChange = Type.Partial(Type.Object({ ...details, ...more }), {
  examples: [{ is_active: false }],
});
const TargetAnswer = Type.Object({
  id: Id,
  client_id: Id,
  name: Type.String(),
  phone_number: PhoneNumber,
  description: Type.String(),
  position: Type.Integer(),
  is_active: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
const ofClient = Type.Object({ client_id: Id });
const ofTarget = Type.Object({ client_id: Id, target_id: Id });
const tags = ['Transfer targets'];

export function transferTargetRoutes(parts: { sql: Sql; clock: Clock }): FastifyPluginAsync {
  const { sql, clock } = parts;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/transfer-targets',
      {
        schema: {
          tags,
          summary: 'List the transfer targets of a client',
          description: 'All of them, in the order in which they are tried.',
          security: signedIn,
          params: ofClient,
          response: { 200: Type.Array(TargetAnswer), ...errors(401, 404) },
        },
      },
      async (request) => (await listTransferTargets(sql, request.params.client_id)).map(toWire),
    );

    app.post(
      '/api/clients/:client_id/transfer-targets',
      {
        schema: {
          tags,
          summary: 'Create a transfer target',
          security: signedIn,
          params: ofClient,
          body: NewTarget,
          response: { 201: TargetAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const body = writable(NewTarget, request.body);
        const phoneNumber = await dialable(request.params.client_id, body.phone_number);
        const target = await insertTransferTarget(sql, {
          id: newId(clock.now()),
          clientId: request.params.client_id,
          name: body.name,
          phoneNumber,
          description: body.description ?? '',
          position: body.position ?? 0,
          isActive: body.is_active ?? true,
        });
        reply.code(201);
        return toWire(target);
      },
    );

    app.patch(
      '/api/clients/:client_id/transfer-targets/:target_id',
      {
        schema: {
          tags,
          summary: 'Change a transfer target',
          description: 'Fields that are left out stay as they are.',
          security: signedIn,
          params: ofTarget,
          body: TargetChange,
          response: { 200: TargetAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, target_id: id } = request.params;
        const {
          phone_number: phone,
          is_active: isActive,
          ...rest
        } = writable(TargetChange, request.body);
        if (isActive === true && phone === undefined) {
          // Callers were not put through to them: where that would lead was not looked at then.
          const target = found(
            (await listTransferTargets(sql, clientId)).find((each) => each.id === id),
          );
          const ownNumber = await findPhoneNumber(sql, clientId);
          await refuseCircleTo(sql, { id: clientId, ownNumber }, target.phoneNumber);
        }
        const change: Partial<TransferDetails> = {
          ...rest,
          ...(phone !== undefined && { phoneNumber: await dialable(clientId, phone) }),
          ...(isActive !== undefined && { isActive }),
        };
        return toWire(found(await updateTransferTarget(sql, { id, clientId }, change)));
      },
    );

    app.delete(
      '/api/clients/:client_id/transfer-targets/:target_id',
      {
        schema: {
          tags,
          summary: 'Delete a transfer target',
          security: signedIn,
          params: ofTarget,
          response: { 200: Message, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const { client_id: clientId, target_id: id } = request.params;
        found((await deleteTransferTarget(sql, { id, clientId })) || undefined);
        return { message: 'Transfer target deleted successfully' };
      },
    );
  };
  return routes;

  /** E.164, of somebody who may be dialled. Throws `invalid`. */
  async function dialable(clientId: string, text: string): Promise<string> {
    const number = phoneNumberOf('phone_number', text);
    const { allowedCountries } = await findLineSettings(sql, clientId);
    const ownNumber = await findPhoneNumber(sql, clientId);
    const fault = dialFault(number, { allowedCountries, ownNumber });
    if (fault !== undefined) throw invalid('phone_number', fault);
    await refuseCircleTo(sql, { id: clientId, ownNumber }, number);
    return number;
  }
}
