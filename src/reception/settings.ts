// What an administrator may set while the system runs: names, bounds and defaults, and the values as they are now.

import { Type } from 'typebox';
import type { Static, TObject } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { faultTexts } from '../lib/fault-texts.ts';
import {
  findLanguageModel,
  findSpeechToText,
  findTextToSpeech,
  LLM_MODEL_DEFAULT,
  STT_MODEL_DEFAULT,
  TTS_PROVIDER_DEFAULT,
} from '../pipeline/vendors.ts';
import { changeSettings, readSettings } from '../store/service/settings.ts';
import type { SettingsChange, SettingsScope } from '../store/service/settings.ts';
import type { Sql } from '../store/database/sql.ts';

/** A change reaches every process within this time. */
const FRESH_MS = 2000;
const MB = 1024 * 1024;

export const SystemSettings = Type.Object(
  {
    chat_turn_seconds: Type.Integer({
      minimum: 0,
      maximum: 600,
      default: 10,
      description:
        'What a turn of a typed chat costs the client it names, or the user who has none.',
      examples: [10],
    }),
    chat_audio_turn_seconds: Type.Integer({
      minimum: 0,
      maximum: 600,
      default: 20,
      description: 'The same for a turn that is heard and spoken.',
    }),
    daily_allowance_seconds: Type.Integer({
      minimum: 0,
      maximum: 86_400,
      default: 1800,
      description: 'What each user may use a day without a client that pays.',
    }),
    anonymous_allowance_seconds: Type.Integer({
      minimum: 0,
      maximum: 86_400,
      default: 0,
      description: 'What each address may use a day without anybody signed in; 600 in the sandbox.',
    }),
    session_seconds_max: Type.Integer({
      minimum: 60,
      maximum: 14_400,
      default: 1800,
      description: 'The longest browser session without a client.',
    }),
    llm_model: Type.String({
      minLength: 1,
      maxLength: 200,
      default: LLM_MODEL_DEFAULT,
      description: 'The model of the gateway and of the assistant.',
    }),
    stt_model: Type.String({ minLength: 1, maxLength: 100, default: STT_MODEL_DEFAULT }),
    tts_provider: Type.String({ minLength: 1, maxLength: 100, default: TTS_PROVIDER_DEFAULT }),
    tts_voice_id: Type.String({ pattern: '^[\\w.:-]{0,100}$', default: '' }),
  },
  { additionalProperties: false },
);

export const BotSettings = Type.Object(
  {
    max_file_size: Type.Integer({
      minimum: 1024,
      maximum: 25 * MB,
      default: 10 * MB,
      description: 'Bytes of an audio file that may be uploaded.',
    }),
    supported_languages: Type.Array(Type.String({ pattern: '^[a-z]{2,3}$' }), {
      minItems: 1,
      maxItems: 50,
      uniqueItems: true,
      default: ['en', 'es', 'fr', 'de', 'it', 'pt', 'ja', 'ko', 'zh'],
      description: 'Languages that may be asked for: ISO 639 codes.',
    }),
    system_prompt: Type.String({
      maxLength: 20_000,
      default: 'You are a helpful voice assistant.',
      description: 'What the assistant is told that users talk to without a client.',
    }),
    greeting: Type.String({
      minLength: 1,
      maxLength: 1000,
      default: 'Hello! How can I help you today?',
    }),
  },
  { additionalProperties: false },
);

export type SystemSettings = Static<typeof SystemSettings>;
export type BotSettings = Static<typeof BotSettings>;

const scopes = { system: SystemSettings, bot: BotSettings } as const;

export class Settings {
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #defaults: Readonly<Record<SettingsScope, object>>;
  readonly #known = new Map<SettingsScope, { values: Promise<object>; untilMs: number }>();

  /** `defaults`: of the system, where they are not those of the schema. */
  constructor(parts: { sql: Sql; clock: Clock; defaults?: Partial<SystemSettings> }) {
    this.#sql = parts.sql;
    this.#clock = parts.clock;
    this.#defaults = { system: parts.defaults ?? {}, bot: {} };
  }

  system(): Promise<SystemSettings> {
    return this.#read('system') as Promise<SystemSettings>;
  }

  bot(): Promise<BotSettings> {
    return this.#read('bot') as Promise<BotSettings>;
  }

  /** Throws `invalid` naming each key that is unknown or has a wrong value; then nothing is changed. */
  async change(
    scope: SettingsScope,
    values: Readonly<Record<string, unknown>>,
    by: SettingsChange['by'],
  ): Promise<void> {
    const fields = faults(scope, values);
    if (Object.keys(fields).length > 0) {
      throw new AppError('invalid', 'settings are not valid', { fields });
    }
    await changeSettings(this.#sql, { scope, values: values as SettingsChange['values'], by });
    this.#known.delete(scope);
  }

  #read(scope: SettingsScope): Promise<object> {
    const known = this.#known.get(scope);
    if (known && known.untilMs > this.#clock.elapsed()) return known.values;
    const values = readSettings(this.#sql, scope).then((stored) => {
      const valid = Object.entries(stored).filter(([key, value]) =>
        isValid(scope, { [key]: value }),
      );
      return { ...defaultsOf(scope), ...this.#defaults[scope], ...Object.fromEntries(valid) };
    });
    values.catch(() => this.#known.delete(scope));
    this.#known.set(scope, { values, untilMs: this.#clock.elapsed() + FRESH_MS });
    return values;
  }
}

/** What a setting of an older version may no longer be is left out: the default holds. */
function isValid(scope: SettingsScope, values: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(faults(scope, values)).length === 0;
}

function faults(
  scope: SettingsScope,
  values: Readonly<Record<string, unknown>>,
): Record<string, string[]> {
  const { properties }: TObject = scopes[scope];
  const found: Record<string, string[]> = {};
  for (const [key, value] of Object.entries(values)) {
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (!schema) {
      found[`config.${key}`] = ['There is no such setting.'];
      continue;
    }
    const check = Compile(schema);
    if (!check.Check(value)) {
      found[`config.${key}`] = faultTexts(check.Errors(value));
      continue;
    }
    const fault = unknownVendor(key, String(value));
    if (fault) found[`config.${key}`] = [fault];
  }
  return found;
}

function unknownVendor(key: string, value: string): string | undefined {
  const known =
    key === 'llm_model'
      ? findLanguageModel(value)
      : key === 'stt_model'
        ? findSpeechToText(value)
        : key === 'tts_provider'
          ? findTextToSpeech(value, '', '')
          : true;
  return known ? undefined : 'Not known here.';
}

function defaultsOf(scope: SettingsScope): object {
  const { properties }: TObject = scopes[scope];
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [
      key,
      (schema as { default?: unknown }).default,
    ]),
  );
}
