// DATA_DIR/sandbox.json: where the running sandbox listens and what opens it; and the secrets and speech that outlive a restart.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnownSpeech } from './phone/agent-words.ts';
import { newSid } from './phone/sids.ts';

/** A stand-in: its base URL, as the vendor's `…_BASE_URL` setting wants it, and the key it accepts. */
export interface StandInAddress {
  readonly url: string;
  readonly key: string;
}

export interface SandboxState {
  readonly pid: number;
  /** The server that the phone calls. */
  readonly publicUrl: string;
  readonly deepgram: StandInAddress;
  /** `url` ends with `/v1`. */
  readonly openai: StandInAddress;
  readonly cartesia: StandInAddress;
  readonly elevenlabs: StandInAddress;
  /** `key` is the client's secret. */
  readonly google: StandInAddress & { readonly clientId: string };
  /** Its dashboard, where money goes back by a click, is at `url`. */
  readonly stripe: StandInAddress & { readonly webhookSecret: string };
  readonly twilio: {
    readonly url: string;
    readonly accountSid: string;
    readonly authToken: string;
  };
  /** The phone's control interface: see phone/control-api.ts. */
  readonly phone: { readonly url: string; readonly token: string };
  /** Whom a bare `npm run call` phones. */
  readonly demo?: { readonly number: string; readonly name: string };
}

export interface SandboxSecrets {
  readonly deepgram: string;
  readonly openai: string;
  readonly cartesia: string;
  readonly elevenlabs: string;
  readonly google: string;
  readonly stripe: string;
  readonly stripeWebhook: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly phone: string;
}

const STATE = 'sandbox.json';
const SECRETS = 'sandbox-secrets.json';
const SPEECH = 'sandbox-speech.json';

/** The state of the sandbox of `dataDir`, or undefined where none has written one. */
export function readSandboxState(dataDir: string): SandboxState | undefined {
  return readJson(join(dataDir, STATE)) as SandboxState | undefined;
}

/** Replaces the state at once: a reader sees the old one or the new one. */
export function writeSandboxState(dataDir: string, state: SandboxState): void {
  writeJson(join(dataDir, STATE), state);
}

/** Removes the state, unless another process has written its own meanwhile. */
export function removeSandboxState(dataDir: string, pid: number): void {
  if (readSandboxState(dataDir)?.pid === pid) rmSync(join(dataDir, STATE), { force: true });
}

/** The secrets of `dataDir`, made on first use: what a client has stored of them stays right after a restart. */
export function openSandboxSecrets(dataDir: string): SandboxSecrets {
  const path = join(dataDir, SECRETS);
  const kept = readJson(path) as Partial<SandboxSecrets> | undefined;
  const secret = (name: keyof SandboxSecrets) => kept?.[name] ?? randomBytes(16).toString('hex');
  const secrets: SandboxSecrets = {
    deepgram: secret('deepgram'),
    openai: secret('openai'),
    cartesia: secret('cartesia'),
    elevenlabs: secret('elevenlabs'),
    google: secret('google'),
    stripe: kept?.stripe ?? `sk_test_${randomBytes(16).toString('hex')}`,
    stripeWebhook: kept?.stripeWebhook ?? `whsec_${randomBytes(16).toString('hex')}`,
    accountSid: kept?.accountSid ?? newSid('AC'),
    authToken: secret('authToken'),
    phone: secret('phone'),
  };
  if (JSON.stringify(kept) !== JSON.stringify(secrets)) writeJson(path, secrets);
  return secrets;
}

/** What the voices of earlier sandboxes of `dataDir` have said. */
export function readKnownSpeech(dataDir: string): readonly KnownSpeech[] {
  return (readJson(join(dataDir, SPEECH)) as readonly KnownSpeech[] | undefined) ?? [];
}

export function writeKnownSpeech(dataDir: string, speech: readonly KnownSpeech[]): void {
  writeJson(join(dataDir, SPEECH), speech);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Absent, or half a file of a disk that was full: made anew.
    return undefined;
  }
}

function writeJson(path: string, value: object): void {
  mkdirSync(join(path, '..'), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, Array.isArray(value) ? 0 : 2)}\n`, {
    mode: 0o600,
  });
  renameSync(draft, path);
}
