// The voices a client may have, and how one of them sounds.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { Scope } from '../../../lib/abort.ts';
import type { Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import { formatWav } from '../../../pipeline/audio/wav.ts';
import { speakWhole } from '../../../pipeline/speaking/speak-whole.ts';
import type { TextToSpeech } from '../../../pipeline/types.ts';
import { findTextToSpeech, vendorChoices } from '../../../pipeline/vendors.ts';
import { clientSpeechSecondsMax } from '../../../reception/stored-speech/speech-budget.ts';
import type { SpeechBudget } from '../../../reception/stored-speech/speech-budget.ts';
import { greetingOf } from '../../../reception/stored-speech/voice-clips.ts';
import { findClient } from '../../../store/clients/clients.ts';
import type { Client } from '../../../store/clients/clients.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireUser } from '../../identity/auth.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { requireClient } from '../../every-request/require-client.ts';
import { errors, Id, optional, signedIn } from '../../schemas/schemas.ts';

/** What a caller will hear. */
const SAMPLE_RATE = 8000;
const PREVIEW_MS = 15_000;
/** At once, in this process: each costs money and a vendor's connection. */
const PREVIEWS_MAX = 4;
/** The longest greeting, spoken slowly: two minutes. */
const SAMPLES_MAX = 120 * SAMPLE_RATE;

/** Voices that a provider offers to everybody; any other of its ids may be set as well. */
const offered: Readonly<Record<string, readonly { voice_id: string; name: string }[]>> = {
  cartesia: [{ voice_id: 'f786b574-daa5-4673-aa0c-cbe3e8534c02', name: 'Katie' }],
  elevenlabs: [
    { voice_id: 'EXAVITQu4vr4xnSDxMaL', name: 'Sarah' },
    { voice_id: '21m00Tcm4TlvDq8ikWAM', name: 'Rachel' },
    { voice_id: 'JBFqnCBsd6RMkjVDRZzb', name: 'George' },
    { voice_id: 'pNInz6obpgDQGcFmaJgB', name: 'Adam' },
  ],
  deepgram: [
    { voice_id: 'aura-2-thalia-en', name: 'Thalia' },
    { voice_id: 'aura-2-apollo-en', name: 'Apollo' },
    { voice_id: 'aura-2-celeste-es', name: 'Celeste (Spanish)' },
  ],
  openai: [
    { voice_id: 'coral', name: 'Coral' },
    { voice_id: 'alloy', name: 'Alloy' },
    { voice_id: 'onyx', name: 'Onyx' },
  ],
};

const Voice = Type.Object({
  provider: Type.String({ examples: ['openai'] }),
  voice_id: Type.String({ examples: ['alloy'] }),
  name: Type.String({ examples: ['Alloy'] }),
  model: Type.String({ examples: ['gpt-4o-mini-tts'] }),
  is_default: Type.Boolean({ description: 'What a client gets that names the provider only.' }),
});
const Preview = Type.Object(
  {
    text: optional(
      Type.String({
        minLength: 1,
        maxLength: 300,
        description: 'Without it, what callers hear first.',
      }),
    ),
    initial_greeting: optional(Type.String({ maxLength: 1000 })),
    disclosure: optional(Type.String({ maxLength: 500 })),
    tts_provider: optional(Type.String({ maxLength: 100 })),
    tts_model: optional(Type.String({ maxLength: 100 })),
    tts_voice_id: optional(Type.String({ pattern: '^[\\w.:-]{0,100}$' })),
  },
  { examples: [{ text: 'Thank you for calling.', tts_provider: 'cartesia' }] },
);
const params = Type.Object({ client_id: Id });
const tags = ['Voices'];

export interface VoiceRoutesParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly speech: Pick<SpeechBudget, 'take'>;
  openVoice(client: Client, signal: AbortSignal): Promise<TextToSpeech & Disposable>;
}

export function clientVoiceRoutes(parts: VoiceRoutesParts): FastifyPluginAsync {
  const { sql, clock } = parts;
  let speaking = 0;
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireClient(sql));

    app.get(
      '/api/clients/:client_id/voices',
      {
        schema: {
          tags,
          summary: 'List voices for a client',
          description:
            'Those known by name. Any other voice id of the provider may be set as well.',
          security: signedIn,
          params,
          response: { 200: Type.Array(Voice), ...errors(401, 404) },
        },
      },
      async () =>
        vendorChoices.ttsProviders.flatMap((provider) => {
          const { model, voice } = vendorChoices.ttsDefaults[provider];
          return (offered[provider] ?? []).map((each) => ({
            provider,
            model,
            ...each,
            is_default: each.voice_id === voice,
          }));
        }),
    );

    app.post(
      '/api/clients/:client_id/voices/preview',
      {
        schema: {
          tags,
          summary: 'Hear a voice',
          description: `A sentence in the client's voice, or in another one, as a caller hears it. ${clientSpeechSecondsMax / 60} minutes a day for a client, with what is made when it is saved; after that 429.`,
          security: signedIn,
          params,
          body: Preview,
          response: {
            200: {
              description: 'Speech, 8 kHz.',
              content: { 'audio/wav': { schema: Type.String({ format: 'binary' }) } },
            },
            ...errors(401, 403, 404, 502),
          },
        },
      },
      async (request, reply) => {
        const body = writable(Preview, request.body ?? {});
        const client = found(await findClient(sql, request.params.client_id));
        const provider = body.tts_provider ?? client.ttsProvider;
        const same = provider === client.ttsProvider;
        const wanted: Client = {
          ...client,
          ttsProvider: provider,
          ttsModel: body.tts_model ?? (same ? client.ttsModel : ''),
          ttsVoiceId: body.tts_voice_id ?? (same ? client.ttsVoiceId : ''),
        };
        if (!findTextToSpeech(provider, '', '')) {
          const known = vendorChoices.ttsProviders.join(', ');
          throw invalid('tts_provider', `Not known here. Known are: ${known}.`);
        }
        const text =
          body.text ||
          greetingOf({
            ...wanted,
            initialGreeting: body.initial_greeting ?? client.initialGreeting,
            disclosure: body.disclosure ?? client.disclosure,
          });
        const { id: clientId, ownerId } = client;
        const giveBack = await parts.speech.take({ clientId, ownerId }, [text]);
        const samples = await speak(wanted, text).catch(async (error: unknown) => {
          await giveBack();
          throw error;
        });
        reply.type('audio/wav');
        return reply.send(Buffer.from(formatWav({ sampleRate: SAMPLE_RATE, samples })) as never);
      },
    );
  };
  return routes;

  async function speak(client: Client, text: string): Promise<Int16Array> {
    if (speaking >= PREVIEWS_MAX) throw new AppError('too_many', 'too many previews at once');
    speaking += 1;
    try {
      using scope = new Scope(new AbortController().signal);
      using _late = clock.after(PREVIEW_MS, () =>
        scope.abort(new AppError('vendor_failed', 'a preview took too long')),
      );
      using voice = await parts.openVoice(client, scope.signal);
      return await speakWhole(voice, text, {
        sampleRate: SAMPLE_RATE,
        language: client.language,
        signal: scope.signal,
        samplesMax: SAMPLES_MAX,
      });
    } finally {
      speaking -= 1;
    }
  }
}
