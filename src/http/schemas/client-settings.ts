// What an owner sets on a client, checked: against the shelf of vendors, the calendar of time zones, the rules of hours.

import { Type } from 'typebox';
import type { Static } from 'typebox';
import { AppError } from '../../lib/errors.ts';
import { findFallbackVoice } from '../../pipeline/fallback/vendor-chains.ts';
import { findSpeechToText, findTextToSpeech, vendorChoices } from '../../pipeline/vendors.ts';
import type { ClientSettings, OwnedClient } from '../../store/clients/owned-clients.ts';
import type { OpeningHours } from '../../store/clients/opening-hours.ts';
import type { Change } from '../../store/database/named-columns.ts';
import { dialFault } from './dialable.ts';
import { phoneNumberOf, refuse } from './fields.ts';
import { Holidays, Week } from './hours-schema.ts';
import { nullable, optional } from './schemas.ts';
import { snakeCase } from './wire.ts';

/** What the model may be given, beside what every call has: a message taken, a goodbye, the transfer where there is a number. */
export const toolNames = [
  'get_available_slots',
  'book_appointment',
  'reschedule_appointment',
  'cancel_appointment',
] as const;
/** In every call whether they are named or not. */
const alwaysThere = ['take_message', 'transfer_call', 'end_call'];

const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const seconds = (maximum: number, description: string) =>
  Type.Integer({ minimum: 0, maximum, description });

const fallbacks = (name: string, maxLength: number) =>
  optional(
    nullable(
      Type.Array(Type.String({ minLength: 1, maxLength }), {
        maxItems: 5,
        description: `Who takes over when it fails, in this order, each as in ${name}. Null: those that suit.`,
      }),
    ),
  );

/** Every field that may be sent, all of them optional. */
/** Of one of the names and words, in characters. */
const KEYTERM_LENGTH_MAX = 60;

export const ClientBody = Type.Object(
  {
    name: optional(
      Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', examples: ['New Client'] }),
    ),
    phone_number: optional(
      nullable(
        Type.String({ maxLength: 40, examples: ['+15559876543'], description: 'Kept as E.164.' }),
      ),
    ),
    calendar_id: optional(
      Type.String({
        maxLength: 1024,
        description:
          'The calendar at Google that appointments are written to; taken up once an account is connected that may write to it.',
      }),
    ),
    system_prompt: optional(Type.String({ maxLength: 20_000 })),
    initial_greeting: optional(Type.String({ maxLength: 1000 })),
    disclosure: optional(
      Type.String({ maxLength: 500, description: 'Said in the greeting: who is listening.' }),
    ),
    llm_model: optional(Type.String({ maxLength: 200, examples: ['openai/gpt-4o-mini'] })),
    stt_model: optional(Type.String({ maxLength: 100, examples: ['nova-2-phonecall'] })),
    tts_provider: optional(Type.String({ maxLength: 100, examples: ['cartesia'] })),
    tts_model: optional(
      Type.String({ maxLength: 100, description: "Empty: the provider's usual." }),
    ),
    tts_voice_id: optional(
      Type.String({
        pattern: '^[\\w.:-]{0,100}$',
        description: "A voice of the provider. Empty: the provider's usual.",
      }),
    ),
    stt_fallbacks: fallbacks('stt_model', 100),
    llm_fallbacks: fallbacks('llm_model', 200),
    tts_fallbacks: fallbacks('tts_provider, or provider:voice', 200),
    enabled_tools: optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 })),
    is_active: optional(Type.Boolean({ description: 'Whether new calls are taken.' })),
    balance_seconds: optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000_000_000,
        description:
          'Only administrators change it; others send it back as it is. What it was since the calls that run began counts as sent back.',
      }),
    ),
    zone: optional(Type.String({ maxLength: 64, examples: ['America/New_York'] })),
    language: optional(Type.String({ maxLength: 35, examples: ['en-US'] })),
    fallback_number: optional(
      nullable(
        Type.String({
          maxLength: 40,
          description:
            'Where callers go when we cannot help: in the country of phone_number, or in allowed_countries of the line settings.',
        }),
      ),
    ),
    concurrency_max: optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'Calls at once.' }),
    ),
    call_seconds_max: optional(Type.Integer({ minimum: 60, maximum: 14_400 })),
    recording_enabled: optional(Type.Boolean()),
    recording_notice: optional(Type.String({ maxLength: 500 })),
    recording_days: optional(
      Type.Integer({
        minimum: 1,
        maximum: 3650,
        description:
          'Kept so long. A shorter time holds for what is recorded already, too; a longer one does not.',
      }),
    ),
    alert_below_seconds: optional(
      nullable(
        seconds(
          31_536_000,
          'The owner is told when the balance is below. Null: what the last three days used, at least 600 and at most 10800. 0: never.',
        ),
      ),
    ),
    alert_email: optional(
      nullable(
        Type.String({
          format: 'email',
          maxLength: 320,
          description: 'Kept only: nothing is sent there.',
        }),
      ),
    ),
    remind_hours: optional(
      nullable(
        Type.Integer({
          minimum: 1,
          maximum: 336,
          description:
            'How long before an appointment callers are reminded by text message, where the line sends them any. Null: never.',
        }),
      ),
    ),
    patience: optional(
      Type.Union([Type.Literal('quick'), Type.Literal('normal'), Type.Literal('patient')], {
        description: 'How long callers who pause are waited for.',
      }),
    ),
    speculation: optional(
      Type.Boolean({
        description:
          'Think of a reply before the caller is certain to be done: faster, for more tokens.',
      }),
    ),
    noise_suppression: optional(
      Type.Boolean({ description: 'Take noise out of what callers say before it is recognised.' }),
    ),
    pronunciations: optional(
      Type.Array(
        Type.Object(
          {
            written: Type.String({ minLength: 1, maxLength: 60, examples: ['Nguyen'] }),
            spoken: Type.String({ minLength: 1, maxLength: 120, examples: ['win'] }),
          },
          { additionalProperties: false },
        ),
        { maxItems: 200, description: 'How names and words are said, the same with every voice.' },
      ),
    ),
    keyterms: optional(
      Type.Array(Type.String({ maxLength: KEYTERM_LENGTH_MAX, examples: ['Invisalign'] }), {
        maxItems: 100,
        description:
          'Names and words that callers are likely to say, so that they are heard well. The names of the business and its people are known already.',
      }),
    ),
    opening_hours: optional(Week),
    holidays: optional(Holidays),
    slot_minutes: optional(Type.Integer({ minimum: 5, maximum: 480 })),
    buffer_before_minutes: optional(Type.Integer({ minimum: 0, maximum: 240 })),
    buffer_after_minutes: optional(Type.Integer({ minimum: 0, maximum: 240 })),
    lead_minutes: optional(Type.Integer({ minimum: 0, maximum: 43_200 })),
    horizon_days: optional(Type.Integer({ minimum: 1, maximum: 366 })),
  },
  { title: 'Client settings' },
);
export type ClientBody = Static<typeof ClientBody>;

/** Plain fields: what the body and the row have under the same name. */
const plain = [
  'name',
  'calendarId',
  'systemPrompt',
  'initialGreeting',
  'disclosure',
  'llmModel',
  'sttModel',
  'ttsProvider',
  'ttsModel',
  'ttsVoiceId',
  'sttFallbacks',
  'llmFallbacks',
  'ttsFallbacks',
  'isActive',
  'zone',
  'language',
  'concurrencyMax',
  'callSecondsMax',
  'recordingEnabled',
  'recordingNotice',
  'recordingDays',
  'alertBelowSeconds',
  'alertEmail',
  'remindHours',
  'patience',
  'speculation',
  'noiseSuppression',
  'pronunciations',
] as const satisfies readonly (keyof ClientSettings)[];

export interface KnownNames {
  /** Models the configured server has beyond the usual ones. */
  readonly llmModels: readonly string[];
  /** Where this client may have somebody dialled; none for its own. */
  readonly allowedCountries: readonly string[];
}

/** The settings in a body. Throws `invalid` with all faulty fields; what `current` has is never faulty. */
export function settingsOf(
  body: ClientBody,
  known: KnownNames,
  current?: OwnedClient,
): Partial<ClientSettings> {
  const settings: Record<string, unknown> = {};
  for (const name of plain) {
    const value = body[snakeCase(name) as keyof ClientBody];
    if (value !== undefined) settings[name] = value;
  }
  const given: Partial<ClientSettings> = settings;
  const { phone_number: phone, fallback_number: fallback, enabled_tools: tools } = body;
  if (phone !== undefined) {
    settings['phoneNumber'] = phone === null ? null : phoneNumberOf('phone_number', phone);
  }
  if (fallback !== undefined) {
    settings['fallbackNumber'] =
      fallback === null ? null : phoneNumberOf('fallback_number', fallback);
  }
  if (tools) settings['enabledTools'] = [...new Set(tools)];
  if (body.keyterms) settings['keyterms'] = eachOnce(body.keyterms);
  // A voice belongs to its provider.
  if (given.ttsProvider !== undefined && given.ttsProvider !== current?.ttsProvider) {
    settings['ttsVoiceId'] = body.tts_voice_id ?? '';
    settings['ttsModel'] = body.tts_model ?? '';
  }
  refuse(faultsOf(given, known, current));
  return given;
}

function faultsOf(
  given: Partial<ClientSettings>,
  known: KnownNames,
  current: OwnedClient | undefined,
): Record<string, string[]> {
  const faults: Record<string, string[]> = {};
  const { llmModel, sttModel, ttsProvider, zone, language, enabledTools } = given;
  const llmModels = [...vendorChoices.llmModels, ...known.llmModels];
  if (llmModel !== undefined && llmModel !== current?.llmModel && !llmModels.includes(llmModel)) {
    faults['llm_model'] = [unknown(llmModels)];
  }
  if (sttModel !== undefined && !findSpeechToText(sttModel)) {
    faults['stt_model'] = [unknown(vendorChoices.sttModels)];
  }
  if (ttsProvider !== undefined && !findTextToSpeech(ttsProvider, '', '')) {
    faults['tts_provider'] = [unknown(vendorChoices.ttsProviders)];
  }
  if (given.sttFallbacks?.some((name) => !findSpeechToText(name))) {
    faults['stt_fallbacks'] = [unknown(vendorChoices.sttModels)];
  }
  const llmKnown = [...llmModels, ...(current?.llmFallbacks ?? [])];
  if (given.llmFallbacks?.some((name) => !llmKnown.includes(name))) {
    faults['llm_fallbacks'] = [unknown(llmModels)];
  }
  if (given.ttsFallbacks?.some((name) => !findFallbackVoice(name))) {
    faults['tts_fallbacks'] = [unknown(vendorChoices.ttsProviders)];
  }
  if (given.keyterms?.some((term) => /[,;:\p{Cc}]/u.test(term) || !/[\p{L}\p{N}]/u.test(term))) {
    faults['keyterms'] = ['Must be names or words, each an entry of its own, without commas.'];
  }
  const tools = [...toolNames, ...alwaysThere];
  if (enabledTools?.some((tool) => !tools.includes(tool))) {
    faults['enabled_tools'] = [unknown(tools)];
  }
  if (zone !== undefined && !isZone(zone)) {
    faults['zone'] = ['Must be a time zone such as America/New_York.'];
  }
  const { phoneNumber: ownNumber = null, fallbackNumber = null } = { ...current, ...given };
  const { allowedCountries } = known;
  const fault = fallbackNumber && dialFault(fallbackNumber, { allowedCountries, ownNumber });
  const moved = given.fallbackNumber !== undefined || given.phoneNumber !== undefined;
  if (moved && fault) faults['fallback_number'] = [fault];
  if (language !== undefined && !isLanguage(language)) {
    faults['language'] = ['Must be a language such as en-US.'];
  }
  return faults;
}

/** Without blank ones, as a list that is typed line by line has them. */
function eachOnce(terms: readonly string[]): string[] {
  const trimmed = terms.map((term) => term.trim()).filter((term) => term !== '');
  return [...new Map(trimmed.map((term) => [term.toLowerCase(), term])).values()];
}

function unknown(names: readonly string[]): string {
  return `Not known here. Known are: ${names.join(', ')}.`;
}

/**
 * As calendars and the database know them. Formats take more, such as IST, which is another time or none to the others.
 * Offsets such as +05:00 are none: the database reads their sign the other way round.
 */
function isZone(name: string): boolean {
  if (!/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(name)) return false;
  try {
    return new Temporal.ZonedDateTime(0n, name).epochNanoseconds === 0n;
  } catch {
    return false;
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** The hours that a body names; undefined when it is not about them. */
export function hoursOf(body: ClientBody): Partial<OpeningHours> | undefined {
  const week = body.opening_hours;
  const hours: Change<OpeningHours> = {
    weekly: week && weekdays.map((day) => week[day] ?? []),
    specialDays: body.holidays,
    slotMinutes: body.slot_minutes,
    bufferBeforeMinutes: body.buffer_before_minutes,
    bufferAfterMinutes: body.buffer_after_minutes,
    leadMinutes: body.lead_minutes,
    horizonDays: body.horizon_days,
  };
  const named = Object.entries(hours).filter(([, value]) => value !== undefined);
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}

/** Faults of hours under the names that bodies have. */
export async function namingHours<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof AppError) || !error.fields) throw error;
    const names: Readonly<Record<string, string>> = {
      weekly: 'opening_hours',
      specialDays: 'holidays',
    };
    const fields = Object.fromEntries(
      Object.entries(error.fields).map(([name, texts]) => [names[name] ?? snakeCase(name), texts]),
    );
    throw new AppError(error.code, error.message, { cause: error, fields });
  }
}

/** A week as answers have it: each day with its ranges. */
export function weekOf(client: OwnedClient): Record<(typeof weekdays)[number], object[]> {
  const week = weekly(client.weekly);
  return Object.fromEntries(weekdays.map((day, index) => [day, week[index]])) as never;
}

function weekly(rows: OwnedClient['weekly']) {
  return weekdays.map((_, index) =>
    rows
      .filter(({ weekday }) => weekday === index + 1)
      .map(({ opens, closes }) => ({ opens, closes })),
  );
}
