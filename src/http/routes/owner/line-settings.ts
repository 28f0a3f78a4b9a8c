// How a client's line behaves beyond the call itself: who is told of messages, what callers are sent, who may be dialled.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { findClient } from '../../../store/clients/clients.ts';
import { findLineSettings, saveLineSettings } from '../../../store/clients/line-settings.ts';
import type { LineSettings } from '../../../store/clients/line-settings.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { isCountry } from '../../../telephony/phone-number.ts';
import { requireUser } from '../../identity/auth.ts';
import { dialFault } from '../../schemas/dialable.ts';
import { phoneNumberOf, refuse, writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, PhoneNumber, signedIn } from '../../schemas/schemas.ts';
import { snakeCase, toWire } from '../../schemas/wire.ts';

const TimeOfDay = Type.String({
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  examples: ['09:00'],
});
const settings = {
  notify_numbers: Type.Array(Type.String({ maxLength: 40 }), {
    maxItems: 5,
    description:
      'Get a text message for each message that a caller leaves, each caller who reached nobody, and when little talk time is left.',
    examples: [['+12025550145']],
  }),
  sms_to_callers: Type.Boolean({
    description: 'Whether callers get a text message about what was booked, moved or cancelled.',
  }),
  transfer_mode: Type.Enum(['warm', 'cold'], {
    description:
      'warm: the person hears who is calling and why, and decides. cold: the caller is put through at once.',
  }),
  allowed_countries: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), {
    maxItems: 50,
    description:
      "ISO 3166 codes of the countries that may be dialled and texted. None: the one of the client's own number. Premium and satellite numbers are refused in any.",
    examples: [['US', 'CA']],
  }),
  keypad_exit: Type.Boolean({ description: 'Whether callers get to a person by pressing 0.' }),
  outbound_enabled: Type.Boolean({ description: 'Whether this client may call people.' }),
  outbound_from: TimeOfDay,
  outbound_until: TimeOfDay,
};
const example = { sms_to_callers: true, notify_numbers: ['+12025550145'] };
const Answer = Type.Object({ ...settings, notify_numbers: Type.Array(PhoneNumber) });
const Change = Type.Partial(Type.Object(settings), { examples: [example] });
const ofClient = Type.Object({ client_id: Id });
const tags = ['Line'];

export function lineSettingsRoutes({ sql }: { sql: Sql }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/line-settings',
      {
        schema: {
          tags,
          summary: "Get how a client's line behaves",
          description:
            'Messages by text, texts to callers, transfers, the keypad, calls to people.',
          security: signedIn,
          params: ofClient,
          response: { 200: Answer, ...errors(401, 404) },
        },
      },
      async (request) => answerOf(await findLineSettings(sql, request.params.client_id)),
    );

    app.patch(
      '/api/clients/:client_id/line-settings',
      {
        schema: {
          tags,
          summary: "Change how a client's line behaves",
          description: 'What is left out stays as it is.',
          security: signedIn,
          params: ofClient,
          body: Change,
          response: { 200: Answer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const clientId = request.params.client_id;
        const change = settingsOf(writable(Change, request.body));
        const { allowedCountries } = change;
        const client = allowedCountries && (await findClient(sql, clientId));
        const { fallbackNumber = null, phoneNumber: ownNumber = null } = client ?? {};
        const rules = { allowedCountries: allowedCountries ?? [], ownNumber };
        if (fallbackNumber && dialFault(fallbackNumber, rules)) {
          refuse({ allowed_countries: ['The fallback number of this client is in none of them.'] });
        }
        return answerOf(await saveLineSettings(sql, clientId, change));
      },
    );
  };
  return routes;
}

const names = [
  'smsToCallers',
  'transferMode',
  'keypadExit',
  'outboundEnabled',
  'outboundFrom',
  'outboundUntil',
] as const satisfies readonly (keyof LineSettings)[];

function settingsOf(body: Static<typeof Change>): Partial<LineSettings> {
  const change: Record<string, unknown> = {};
  for (const name of names) {
    const value = body[snakeCase(name) as keyof typeof body];
    if (value !== undefined) change[name] = value;
  }
  const { notify_numbers: numbers, allowed_countries: countries } = body;
  if (numbers) {
    change['notifyNumbers'] = [
      ...new Set(numbers.map((number) => phoneNumberOf('notify_numbers', number))),
    ];
  }
  if (countries) {
    if (!countries.every(isCountry)) {
      refuse({ allowed_countries: ['Must be ISO 3166 codes such as US.'] });
    }
    change['allowedCountries'] = [...new Set(countries)];
  }
  return change;
}

function answerOf(row: LineSettings) {
  const { notifyNumbers, allowedCountries } = row;
  return toWire({
    ...row,
    notifyNumbers: [...notifyNumbers],
    allowedCountries: [...allowedCountries],
  });
}
