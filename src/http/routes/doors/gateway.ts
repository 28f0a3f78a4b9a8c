// The gateway's single services: words of a recording, an answer to a prompt, speech of a text.

import multipart from '@fastify/multipart';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AppError } from '../../../lib/errors.ts';
import { isNoAnswer } from '../../../pipeline/thinking/no-answer.ts';
import { SPEECH_RATE } from '../../../reception/doors/gateway.ts';
import type { Gateway, GatewayUser } from '../../../reception/doors/gateway.ts';
import { stockSentences } from '../../../reception/stored-speech/stock-sentences.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { findPreferences } from '../../../store/accounts/users.ts';
import { requireUser, userOf } from '../../identity/auth.ts';
import { endpointRates } from '../../every-request/endpoint-rates.ts';
import { invalid } from '../../schemas/fields.ts';
import { errors, optional, signedIn } from '../../schemas/schemas.ts';

/** No setting allows more. */
const FILE_BYTES_MAX = 25 * 1024 * 1024;
const PROMPT_CHARACTERS_MAX = 100_000;
const TEXT_CHARACTERS_MAX = 50_000;
/** 100,000 characters of any alphabet, and what JSON adds to them. */
const BODY_BYTES_MAX = 700_000;

const LANGUAGE_FAULT = 'Enter a language code such as en.';
const languageCode = '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$';
const Language = Type.String({
  pattern: languageCode,
  maxLength: 35,
  description: 'ISO 639-1; one of the supported languages.',
  examples: ['en'],
  'x-messages': { pattern: LANGUAGE_FAULT },
});
const Flag = Type.String({
  pattern: '^([Tt]rue|[Ff]alse)$',
  default: 'false',
  examples: ['true', 'false'],
  'x-messages': { pattern: 'Must be one of: true, false.' },
});

const Transcribed = Type.Object({
  transcript: Type.String({ examples: ['When do you open?'] }),
  detected_language: Type.String({
    description: 'Asked for or heard; empty where nothing was heard.',
  }),
  llm_response: optional(Type.String()),
  audio_b64: optional(Type.String({ description: 'A WAV file in base64.' })),
  sample_rate: optional(Type.Integer()),
});
const Upload = Type.Unsafe<unknown>({
  description: 'Size and languages are bounded by the bot configuration.',
  properties: {
    audio: {
      type: 'string',
      format: 'binary',
      description: 'wav, mp3, m4a, ogg, webm or flac, by its content.',
    },
    full_round_trip: { type: 'string', enum: ['true', 'false'] },
    language: { type: 'string' },
  },
  required: ['audio'],
});

const tags = ['Gateway'];

export interface GatewayRoutesParts {
  readonly sql: Sql;
  readonly gateway: Gateway;
}

/** contracts/gateway-api.md "Core API Endpoints". */
export function gatewayRoutes({ sql, gateway }: GatewayRoutesParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    await app.register(multipart, {
      limits: {
        // A second one is refused by its name.
        files: 2,
        fields: 10,
        parts: 11,
        fieldNameSize: 100,
        fieldSize: 1000,
        headerPairs: 20,
        fileSize: FILE_BYTES_MAX,
      },
    });

    app.post(
      '/api/v1/audio/transcribe',
      {
        config: { rate: endpointRates.transcribe, neverKept: true },
        onRequest: requireUser,
        schema: {
          tags,
          summary: 'Transcribe a recording',
          description:
            'With full_round_trip also what the assistant answers, in words and aloud. Both settings may stand in the query or beside the file. Costs what the recording lasts, and the answer.',
          security: signedIn,
          consumes: ['multipart/form-data'],
          querystring: Type.Object({
            full_round_trip: optional(Flag),
            language: optional(Language),
          }),
          body: { content: { 'multipart/form-data': { schema: Upload } } } as never,
          response: { 200: Transcribed, ...errors(401, 402, 502) },
        },
      },
      async (request, reply) => {
        const { audio, fields } = await readUpload(request);
        const language = languageOf(request.query.language ?? fields.get('language'));
        const whole = flagOf(fields.get('full_round_trip') ?? request.query.full_round_trip);
        const user = await whoAsks(request);
        const { value: heard, cached } = await gateway.transcribe(user, audio, language);
        tellCache(reply, cached);
        const transcribed = {
          transcript: heard.text,
          detected_language: heard.language ?? language ?? '',
        };
        if (!whole) return transcribed;
        // A recording without words is answered without asking the model what it might mean.
        const answer =
          heard.text === ''
            ? stockSentences.apology
            : (await gateway.generate(user, heard.text)).value;
        const spoken = { language: heard.language ?? language, voiceId: undefined };
        // Of a sign alone no voice makes a sound.
        const aloud = isNoAnswer(answer) ? stockSentences.apology : answer;
        const wav = await gateway.speak(user, aloud, await supported(spoken));
        return { ...transcribed, llm_response: answer, ...audioAnswer(wav.value) };
      },
    );

    app.post(
      '/api/v1/llm/generate',
      {
        config: { rate: endpointRates.generate, neverKept: true },
        bodyLimit: BODY_BYTES_MAX,
        onRequest: requireUser,
        schema: {
          tags,
          summary: 'Answer a prompt',
          description: 'Costs as much as a turn of a chat; an answer from memory costs nothing.',
          security: signedIn,
          body: Type.Object(
            {
              prompt: Type.String({
                minLength: 1,
                maxLength: PROMPT_CHARACTERS_MAX,
                pattern: '\\S',
                'x-messages': { pattern: 'This field may not be blank.' },
              }),
            },
            { examples: [{ prompt: 'Hello, how are you?' }] },
          ),
          response: {
            200: Type.Object({ text: Type.String({ examples: ['Hello! How can I help?'] }) }),
            ...errors(401, 402, 502),
          },
        },
      },
      async (request, reply) => {
        const { value, cached } = await gateway.generate(
          await whoAsks(request),
          request.body.prompt,
        );
        tellCache(reply, cached);
        return { text: value };
      },
    );

    app.post(
      '/api/v1/tts/speak',
      {
        config: { rate: endpointRates.speak, neverKept: true },
        bodyLimit: BODY_BYTES_MAX,
        onRequest: requireUser,
        schema: {
          tags,
          summary: 'Say a text',
          description:
            'A WAV file at 16 kHz, in base64. Up to 15 minutes of speech in one piece. Costs a second for each 15 characters; speech from memory costs nothing.',
          security: signedIn,
          body: Type.Object(
            {
              text: Type.String({
                minLength: 1,
                maxLength: TEXT_CHARACTERS_MAX,
                pattern: '\\w|\\p{L}',
                'x-messages': { pattern: 'There is nothing to say in this.' },
              }),
              language: optional(Language),
              voice_id: optional(
                Type.String({
                  pattern: '^[\\w.:-]{1,100}$',
                  description: "A voice of the configured provider; default is the user's own.",
                }),
              ),
            },
            { examples: [{ text: 'Hello world', language: 'en', voice_id: 'default' }] },
          ),
          response: {
            200: Type.Object({
              audio_b64: Type.String({ examples: ['UklGRiQAAABXQVZF'] }),
              sample_rate: Type.Integer({ examples: [16_000] }),
            }),
            ...errors(401, 402, 502),
          },
        },
      },
      async (request, reply) => {
        const { text, voice_id: voice } = request.body;
        const language = languageOf(request.body.language);
        const voiceId = voice === 'default' ? undefined : voice;
        const user = await whoAsks(request);
        const { value, cached } = await gateway.speak(user, text, { language, voiceId });
        tellCache(reply, cached);
        return audioAnswer(value);
      },
    );
  };
  return routes;

  async function whoAsks(request: FastifyRequest): Promise<GatewayUser> {
    const { id } = userOf(request);
    return { id, preferences: await findPreferences(sql, id) };
  }

  /** What was heard may be a language that nobody asked for: then the answer is in the user's own. */
  async function supported<Spoken extends { language: string | undefined }>(
    spoken: Spoken,
  ): Promise<Spoken> {
    return (await gateway.supports(spoken.language)) ? spoken : { ...spoken, language: undefined };
  }
}

export function audioAnswer(wav: Uint8Array): { audio_b64: string; sample_rate: number } {
  return { audio_b64: Buffer.from(wav).toString('base64'), sample_rate: SPEECH_RATE };
}

function tellCache(reply: FastifyReply, cached: boolean): void {
  reply.header('x-cache', cached ? 'hit' : 'miss');
}

/** The file and what stands beside it, in any order. */
async function readUpload(
  request: FastifyRequest,
): Promise<{ audio: Uint8Array; fields: ReadonlyMap<string, string> }> {
  if (!request.isMultipart()) throw invalid('audio', 'Send multipart/form-data with a file.');
  const fields = new Map<string, string>();
  let audio: Uint8Array | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') fields.set(part.fieldname, String(part.value));
      else if (part.fieldname === 'audio' && audio) throw invalid('audio', 'One file at a time.');
      else if (part.fieldname === 'audio') audio = await part.toBuffer();
      else throw invalid(part.fieldname.slice(0, 100), 'There is no such file to send.');
    }
  } catch (error) {
    // The parser's own faults are those of the form; its bounds have a status.
    if (error instanceof AppError || (error as { statusCode?: number }).statusCode) throw error;
    throw invalid('audio', 'The form is malformed or cut short.');
  }
  if (!audio) throw invalid('audio', 'This field is required.');
  return { audio, fields };
}

/** As everybody writes it: `EN` is `en`, also to what is remembered and answered. */
function languageOf(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    if (new RegExp(languageCode).test(text)) return Intl.getCanonicalLocales(text)[0];
  } catch {
    // Letters and hyphens that are no language, such as en-a.
  }
  throw invalid('language', LANGUAGE_FAULT);
}

/** Python writes its truth with a capital. */
function flagOf(text: string | undefined): boolean {
  const lower = text?.toLowerCase();
  if (lower === undefined || lower === 'false') return false;
  if (lower === 'true') return true;
  throw invalid('full_round_trip', 'Must be one of: true, false.');
}
