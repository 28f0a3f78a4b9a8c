// The businesses of an owner: made, read, changed, deleted.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  clientSpeechSecondsMax,
  ownerSpeechSecondsMax,
} from '../../../reception/stored-speech/speech-budget.ts';
import { usualNotice } from '../../../reception/stored-speech/recording-notice.ts';
import { greetingFor, offeredLanguages } from '../../../reception/stored-speech/stock-sentences.ts';
import type { ClipClient } from '../../../reception/stored-speech/voice-clips.ts';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { DELTA_SECONDS_MAX, setBalance } from '../../../billing/metering/adjust.ts';
import { stopPaying } from '../../../billing/payments/deleted-clients.ts';
import type { PartingParts } from '../../../billing/payments/deleted-clients.ts';
import { AppError } from '../../../lib/errors.ts';
import { newId } from '../../../lib/ids.ts';
import { vendorChoices } from '../../../pipeline/vendors.ts';
import {
  deleteClient,
  findOwnedClient,
  insertClient,
  listClients,
  reachesClient,
  updateClient,
} from '../../../store/clients/owned-clients.ts';
import type { OwnedClient, Reach } from '../../../store/clients/owned-clients.ts';
import { findLineSettings } from '../../../store/clients/line-settings.ts';
import { defaultHours } from '../../../store/clients/opening-hours.ts';
import { found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import type { User } from '../../identity/auth.ts';
import {
  ClientBody,
  hoursOf,
  namingHours,
  settingsOf,
  toolNames,
  weekOf,
} from '../../schemas/client-settings.ts';
import { refuseCircle } from '../../schemas/circles.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { pageHeaders, pageQuery, parsePage, searchQuery, tellPage } from '../../schemas/page.ts';
import { errors, Id, Message, nullable, signedIn, Timestamp } from '../../schemas/schemas.ts';
import { toWire } from '../../schemas/wire.ts';
import { usual } from './new-client.ts';

const example = {
  id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
  name: 'Acme Corp',
  phone_number: '+15551234567',
  calendar_id: 'primary',
  system_prompt: 'You are a receptionist...',
  initial_greeting: "Hi, I'm Front Desk...",
  llm_model: 'openai/gpt-4o-mini',
  stt_model: 'nova-2-phonecall',
  tts_provider: 'cartesia',
  tts_voice_id: 'voice-id-here',
  enabled_tools: ['get_available_slots', 'book_appointment'],
  balance_seconds: 3600,
  is_active: true,
  created_at: '2026-01-15T10:00:00.000Z',
  updated_at: '2026-02-06T10:00:00.000Z',
};

const { balance_seconds: _, ...settable } = ClientBody.properties;
export const ClientAnswer = Type.Object(
  {
    id: Id,
    owner_user_id: Id,
    ...Type.Required(Type.Object(settable)).properties,
    alert_email: nullable(Type.String()), // By its format serializers refuse some that may be set.
    balance_seconds: Type.Integer({ description: 'Less what running calls have used so far.' }),
    debt_seconds: Type.Integer({
      description: 'Owed after a refund of used seconds; no calls while it lasts.',
    }),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { examples: [example] },
);

const NewClientBody = Type.Object(
  {
    ...ClientBody.properties,
    name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', examples: ['New Client'] }),
  },
  {
    examples: [{ name: 'My Business', phone_number: '+15551234567', calendar_id: 'primary' }],
  },
);

const Choices = Type.Object({
  llm_models: Type.Array(Type.String(), { examples: [['openai/gpt-4o-mini']] }),
  stt_models: Type.Array(Type.String(), { examples: [['nova-2-phonecall']] }),
  tts_providers: Type.Array(Type.String(), { examples: [['cartesia']] }),
  tools: Type.Array(Type.String()),
  languages: Type.Array(
    Type.Object({
      language: Type.String({ examples: ['de-DE'] }),
      greeting: Type.String({
        description:
          'What callers hear of a client without a greeting of its own, with {name} for its name.',
        examples: ['Willkommen bei {name}. Wie kann ich Ihnen helfen?'],
      }),
      recording_notice: Type.String({
        description:
          'What callers are told of a recording where the client has no words of its own.',
        examples: ['Dieses Gespräch wird aufgezeichnet.'],
      }),
    }),
    { description: 'Those we have words for. A client may be set to another one all the same.' },
  ),
});
const params = Type.Object({ client_id: Id });
const speechIsBounded = `The greeting and the standing sentences are spoken once when they are new: ${clientSpeechSecondsMax / 60} minutes a day for a client, ${ownerSpeechSecondsMax / 60} for an owner; after that 429.`;

export interface ClientRoutesParts extends PartingParts {
  /** Models the configured server has beyond the usual ones. */
  readonly llmModels: readonly string[];
  /** The owner has named another calendar: it is linked in the background, if it may be; never rejects. */
  calendarNamed(clientId: string): void;
  /** What opens accounts elsewhere is given back in the background; never rejects. */
  clientDeleted(clientId: string): void;
  /**
   * Before a client is saved like this: pays for the speech that is to be made for it and was not for the client as it is, and gives
   * it back by the result. Throws `too_many` when there is none left today.
   */
  payForClips(
    client: ClipClient & { readonly ownerId: string },
    before?: ClipClient,
  ): Promise<() => Promise<void>>;
  /** Begins to make the greeting in the client's voice; never rejects. */
  makeClips(clientId: string): void;
}

export function clientRoutes(parts: ClientRoutesParts): FastifyPluginAsync {
  const { sql, clock } = parts;
  const known = { llmModels: parts.llmModels };
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/clients',
      {
        schema: {
          tags: ['Clients'],
          summary: 'List clients',
          description: `One's own, newest first; administrators and moderators see all. ${pageHeaders}`,
          security: signedIn,
          querystring: Type.Object({ ...pageQuery, q: searchQuery('name or number') }),
          response: { 200: Type.Array(ClientAnswer), ...errors(401) },
        },
      },
      async (request, reply) => {
        const { q } = request.query;
        const page = await listClients(sql, reachOf(userOf(request)), parsePage(request.query), q);
        tellPage(request, reply, page);
        return page.rows.map(clientAnswer);
      },
    );

    app.get(
      '/api/client-choices',
      {
        schema: {
          tags: ['Clients'],
          summary: 'What a client may be set to',
          security: signedIn,
          response: { 200: Choices, ...errors(401) },
        },
      },
      async () => ({
        llm_models: [...vendorChoices.llmModels, ...known.llmModels],
        stt_models: [...vendorChoices.sttModels],
        tts_providers: [...vendorChoices.ttsProviders],
        tools: [...toolNames],
        languages: offeredLanguages.map((language) => ({
          language,
          greeting: greetingFor('{name}', language),
          recording_notice: usualNotice(language),
        })),
      }),
    );

    app.get(
      '/api/clients/:client_id',
      {
        schema: {
          tags: ['Clients'],
          summary: 'Get a client',
          security: signedIn,
          params,
          response: { 200: ClientAnswer, ...errors(401, 404) },
        },
      },
      async (request) => {
        const reach = reachOf(userOf(request));
        return clientAnswer(found(await findOwnedClient(sql, reach, request.params.client_id)));
      },
    );

    app.post(
      '/api/clients',
      {
        schema: {
          tags: ['Clients'],
          summary: 'Create a client',
          description:
            'What is left out gets a usual value. The balance starts at 0: it is bought, or given by an administrator. ' +
            speechIsBounded,
          security: signedIn,
          body: NewClientBody,
          response: { 201: ClientAnswer, ...errors(401, 403) },
        },
      },
      async (request, reply) => {
        const user = userOf(request);
        const body = writable(NewClientBody, request.body);
        const { balance_seconds: wanted } = body;
        if (wanted !== 0) allowBalance(user, wanted);
        const id = newId(clock.now());
        const client = { id, ownerId: user.id, ...usual, name: body.name };
        const settings = settingsOf(body, { ...known, allowedCountries: [] });
        const hours = { ...defaultHours, ...hoursOf(body) };
        await refuseCircle(sql, { phoneNumber: null, fallbackNumber: null, ...settings });
        await spokenFor({ ...client, ...settings }, () =>
          namingHours(() => insertClient(sql, { ...client, ...settings }, hours)),
        );
        await moveBalance(user, id, wanted);
        parts.makeClips(id);
        reply.code(201);
        return clientAnswer(found(await findOwnedClient(sql, reachOf(user), id)));
      },
    );

    for (const method of ['PUT', 'PATCH'] as const) {
      app.route({
        method,
        url: '/api/clients/:client_id',
        schema: {
          tags: ['Clients'],
          summary: method === 'PUT' ? 'Update a client' : 'Change fields of a client',
          description:
            'Fields that are left out stay as they are. A new provider without a voice gets its usual voice. ' +
            speechIsBounded,
          security: signedIn,
          params,
          body: ClientBody,
          response: { 200: ClientAnswer, ...errors(401, 403, 404) },
        },
        handler: async (request) => change(userOf(request), request.params.client_id, request.body),
      });
    }

    app.delete(
      '/api/clients/:client_id',
      {
        schema: {
          tags: ['Clients'],
          summary: 'Delete a client',
          description: 'Its calls, plan and talk time end; all of it but the books is erased.',
          security: signedIn,
          params,
          response: { 200: Message, ...errors(401, 403, 404, 409, 502, 503) },
        },
      },
      async (request) => {
        const reach = reachOf(userOf(request));
        found((await reachesClient(sql, reach, request.params.client_id)) || undefined);
        await stopPaying(parts, request.params.client_id);
        found((await deleteClient(sql, reach, request.params.client_id)) || undefined);
        parts.clientDeleted(request.params.client_id);
        return { message: 'Client deleted successfully' };
      },
    );
  };
  return routes;

  async function change(user: User, id: string, given: ClientBody) {
    const reach: Reach = reachOf(user);
    const current = found(await findOwnedClient(sql, reach, id));
    const body = writable(ClientBody, given, clientAnswer(current));
    const { balance_seconds: wanted } = body;
    const sentBack = isShown(current, wanted);
    if (!sentBack) allowBalance(user, wanted);
    const { allowedCountries } = await findLineSettings(sql, id);
    const settings = settingsOf(body, { ...known, allowedCountries }, current);
    const change = { settings, hours: hoursOf(body) };
    await refuseCircle(sql, { ...current, ...settings }, current);
    const save = () => namingHours(() => updateClient(sql, reach, id, change));
    const saved = await spokenFor({ ...current, ...settings }, save, current);
    found(saved || undefined);
    if (!sentBack) await moveBalance(user, id, wanted);
    parts.makeClips(id);
    const { calendarId = current.calendarId } = change.settings;
    if (calendarId !== current.calendarId) parts.calendarNamed(id);
    return clientAnswer(found(await findOwnedClient(sql, reach, id)));
  }

  /** Saves a client whose speech of today is paid for; one that is not saved has cost nothing. */
  async function spokenFor<T>(
    client: ClipClient & { readonly ownerId: string },
    save: () => Promise<T>,
    before?: ClipClient,
  ): Promise<T> {
    const giveBack = await parts.payForClips(client, before);
    try {
      return await save();
    } catch (error) {
      await giveBack();
      throw error;
    }
  }

  /** Owners send a balance back, they do not set it. */
  function allowBalance(user: User, wanted: number | undefined): void {
    if (wanted === undefined) return;
    if (user.role === 'admin') {
      if (wanted > DELTA_SECONDS_MAX) throw invalid('balance_seconds', 'Is too large.');
      return;
    }
    throw new AppError('forbidden', 'an owner sets a balance', {
      publicMessage: 'balance_seconds is changed by payments and by administrators only.',
    });
  }

  async function moveBalance(user: User, clientId: string, seconds: number | undefined) {
    if (seconds === undefined) return;
    await setBalance(sql, { clientId, seconds, by: user.id, idemKey: newId(clock.now()) });
  }
}

/** Whether this is what the row has shown since its running calls began: they use it up while it is read and sent back. */
function isShown(
  { liveSeconds, balanceSeconds }: OwnedClient,
  wanted: number | undefined,
): boolean {
  return wanted !== undefined && wanted >= Math.max(0, liveSeconds) && wanted <= balanceSeconds;
}

/** A client as answers have it. */
export function clientAnswer(client: OwnedClient): Static<typeof ClientAnswer> {
  const {
    ownerId,
    liveSeconds,
    balanceSeconds: _balance,
    runningCalls: _running,
    auditFailedAt: _audit,
    weekly: _weekly,
    specialDays,
    ...rest
  } = client;
  return {
    ...toWire(rest),
    owner_user_id: ownerId,
    enabled_tools: [...client.enabledTools],
    balance_seconds: Math.max(0, liveSeconds),
    opening_hours: weekOf(client),
    holidays: specialDays,
  } as unknown as Static<typeof ClientAnswer>;
}
