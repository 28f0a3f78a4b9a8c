// The businesses: their numbers, prompts, voices, tools and limits.

import type { Sql } from '../database/sql.ts';

/** As many as a client has people to be put through to. */
const PEOPLE_NAMES_MAX = 50;

/** How a name or a word is said. */
export interface PronunciationRow {
  readonly written: string;
  readonly spoken: string;
}

/** A business as a call needs it. */
export interface Client {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  /** E.164 */
  readonly phoneNumber: string | null;
  /** IANA */
  readonly zone: string;
  /** BCP 47 */
  readonly language: string;
  readonly systemPrompt: string;
  readonly initialGreeting: string;
  readonly disclosure: string;
  readonly llmModel: string;
  readonly sttModel: string;
  readonly ttsProvider: string;
  readonly ttsModel: string;
  readonly ttsVoiceId: string;
  /** Who takes over from the three above; null: those that suit. */
  readonly sttFallbacks: readonly string[] | null;
  readonly llmFallbacks: readonly string[] | null;
  readonly ttsFallbacks: readonly string[] | null;
  readonly enabledTools: readonly string[];
  /** E.164 */
  readonly fallbackNumber: string | null;
  readonly concurrencyMax: number;
  readonly callSecondsMax: number;
  readonly isActive: boolean;
  /** How long callers are waited for. */
  readonly patience: 'quick' | 'normal' | 'patient';
  /** Whether replies are thought of before the caller is certain to be done. */
  readonly speculation: boolean;
  readonly noiseSuppression: boolean;
  readonly pronunciations: readonly PronunciationRow[];
  /** Names and words that callers are likely to say. */
  readonly keyterms: readonly string[];
  /** Of those whom callers may be put through to; read where somebody may call. */
  readonly peopleNames?: readonly string[];
  readonly auditFailedAt: Date | null;
  readonly recordingEnabled: boolean;
  /** Said before a recording begins; empty: the usual sentence. */
  readonly recordingNotice: string;
  readonly recordingDays: number;
}

/** A client at the moment somebody calls. */
export interface CalledClient extends Client {
  /** Not reserved by running calls; 0 while in debt, as the table demands. */
  readonly freeSeconds: number;
  readonly runningCalls: number;
}

/** The live client with this number, with what admission looks at. The lease decides; this only spares a call in vain. */
export async function findCalledClient(
  sql: Sql,
  phoneNumber: string,
): Promise<CalledClient | undefined> {
  const [row] = await sql<CalledClient[]>`
    SELECT ${callColumns(sql)}, ${peopleNames(sql)},
      balance_seconds - reserved_seconds AS "freeSeconds",
      (SELECT count(*) FROM call_leases l WHERE l.client_id = c.id AND l.state = 'active') AS "runningCalls"
    FROM clients c WHERE phone_number = ${phoneNumber} AND deleted_at IS NULL`;
  return row;
}

/** A client by id, deleted ones left out. */
export async function findClient(sql: Sql, id: string): Promise<Client | undefined> {
  const [row] = await sql<Client[]>`
    SELECT ${callColumns(sql)}, ${peopleNames(sql)}
    FROM clients c WHERE id = ${id} AND deleted_at IS NULL`;
  return row;
}

/** Those that are not deleted, in the order of their ids, behind `after`. */
export async function listClientsAfter(
  sql: Sql,
  after: string | undefined,
  limit: number,
): Promise<Client[]> {
  return sql<Client[]>`
    SELECT ${callColumns(sql)} FROM clients c
    WHERE deleted_at IS NULL ${after === undefined ? sql`` : sql`AND id > ${after}`} ORDER BY id LIMIT ${limit}`;
}

/** The client's own number, E.164, if it has one. */
export async function findPhoneNumber(sql: Sql, id: string): Promise<string | null> {
  const [row] = await sql<{ number: string | null }[]>`
    SELECT phone_number AS number FROM clients WHERE id = ${id}`;
  return row?.number ?? null;
}

export interface NewClient {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly phoneNumber: string;
  readonly zone: string;
  readonly systemPrompt: string;
  readonly initialGreeting: string;
  readonly disclosure: string;
  readonly llmModel: string;
  readonly sttModel: string;
  readonly ttsProvider: string;
  readonly ttsVoiceId: string;
  readonly enabledTools: readonly string[];
}

/** Adds a client with no balance. Fails on a number that is taken. */
export async function saveNewClient(sql: Sql, client: NewClient): Promise<void> {
  await sql`
    INSERT INTO clients (id, owner_id, name, phone_number, zone, system_prompt, initial_greeting, disclosure,
      llm_model, stt_model, tts_provider, tts_voice_id, enabled_tools)
    VALUES (${client.id}, ${client.ownerId}, ${client.name}, ${client.phoneNumber}, ${client.zone},
      ${client.systemPrompt}, ${client.initialGreeting}, ${client.disclosure}, ${client.llmModel},
      ${client.sttModel}, ${client.ttsProvider}, ${client.ttsVoiceId}, ${[...client.enabledTools]})`;
}

/** As `Client` has them, of `clients c`. */
function peopleNames(sql: Sql) {
  return sql`ARRAY(
    SELECT t.name FROM transfer_targets t WHERE t.client_id = c.id AND t.is_active
    ORDER BY t.position, t.id LIMIT ${PEOPLE_NAMES_MAX}) AS "peopleNames"`;
}

/** Of `clients c`, as `Client` has them. */
export function callColumns(sql: Sql) {
  return sql`
    c.id, c.owner_id AS "ownerId", c.name, c.phone_number AS "phoneNumber", c.zone, c.language,
    c.system_prompt AS "systemPrompt", c.initial_greeting AS "initialGreeting", c.disclosure,
    c.llm_model AS "llmModel", c.stt_model AS "sttModel", c.tts_provider AS "ttsProvider",
    c.tts_model AS "ttsModel", c.tts_voice_id AS "ttsVoiceId",
    c.stt_fallbacks AS "sttFallbacks", c.llm_fallbacks AS "llmFallbacks", c.tts_fallbacks AS "ttsFallbacks",
    c.enabled_tools AS "enabledTools",
    c.fallback_number AS "fallbackNumber", c.concurrency_max AS "concurrencyMax",
    c.call_seconds_max AS "callSecondsMax", c.is_active AS "isActive", c.patience, c.speculation,
    c.noise_suppression AS "noiseSuppression", c.pronunciations, c.keyterms,
    c.audit_failed_at AS "auditFailedAt", c.recording_enabled AS "recordingEnabled",
    c.recording_notice AS "recordingNotice", c.recording_days AS "recordingDays"`;
}
