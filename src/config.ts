// The only reader of the environment: names, defaults and checks in one place, one frozen object out.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { isLoopback, readEnvironment } from './lib/environment.ts';
import type { Environment } from './lib/environment.ts';
import { AppError } from './lib/errors.ts';
import { PASSWORD_CHARACTERS_MIN } from './lib/passwords.ts';
import { parseObject } from './lib/untrusted-json.ts';
import type { LogLevel } from './lib/log.ts';

/** Where a vendor is and what opens it; no key means the feature is off. */
export interface VendorConfig {
  readonly url: string;
  readonly key: string | undefined;
}

export interface TwilioConfig {
  readonly url: string;
  readonly accountSid: string | undefined;
  /** The primary token first; two while one is being replaced. */
  readonly authTokens: readonly string[];
}

/** Sign-in and calendars. `url` replaces Google's several hosts, for tests; undefined means those. */
export interface GoogleConfig {
  readonly url: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** The key file of an account that calendars may be shared with, as JSON. */
  readonly serviceAccountJson: string | undefined;
}

/** Payments. `url` replaces Stripe's host, for tests; undefined means that. */
export interface StripeConfig {
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly webhookSecret: string | undefined;
}

export interface BucketConfig {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  /** The origin that carriers and browsers use, without a slash at the end. */
  readonly publicUrl: string;
  /** For other services on this machine or network; 0 takes a free port. */
  readonly internal: { readonly host: string; readonly port: number; readonly portWasSet: boolean };
  /** Origins whose pages may use the API besides our own. */
  readonly corsOrigins: readonly string[];
  /** Exact origins on loopback that owners' addresses may name: receivers of tests and of a sandbox. */
  readonly loopbackOrigins: readonly string[];
  /** Proxies in front of us whose word on the client's address is taken. */
  readonly trustedProxies: number;
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly dataDirWasSet: boolean;
  /** On: every vendor has a stand-in. Mixed: every vendor without a key has. */
  readonly sandbox: 'on' | 'mixed' | 'off';
  readonly jwtSecret: string | undefined;
  readonly sealingKey: string | undefined;
  /** Keys that sealed before; they only open. */
  readonly sealingKeysPrevious: readonly string[];
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  readonly twilio: TwilioConfig;
  readonly deepgram: VendorConfig;
  /** `model`: one more that clients may choose: what the configured server calls it. */
  readonly openai: VendorConfig & { readonly model: string | undefined };
  /** Another server of language models, for when that one is away; `model`: which of its models then answers. */
  readonly openaiSecond: (VendorConfig & { readonly model: string }) | undefined;
  readonly cartesia: VendorConfig;
  readonly elevenlabs: VendorConfig;
  readonly google: GoogleConfig;
  /** Voice rooms for browsers; undefined: there are none. */
  readonly livekit:
    | { readonly url: string; readonly apiKey: string; readonly apiSecret: string }
    | undefined;
  /** Whether somebody who is not signed in may talk to the assistant. */
  readonly anonymousSessions: boolean;
  /** Opens `/metrics` on the public listener; undefined: there is none. */
  readonly metricsToken: string | undefined;
  /** What patients' apps are handed. Nothing secret. */
  readonly vapi: {
    readonly publicApiKey: string | undefined;
    readonly assistantId: string | undefined;
  };
  readonly stripe: StripeConfig;
  /** Where recordings are kept besides DATA_DIR. */
  readonly recordingsBucket: BucketConfig | undefined;
  readonly log: { readonly level: LogLevel; readonly pii: boolean };
  /** How long running calls may go on after SIGTERM. */
  readonly killTimeoutMs: number;
  /** Calls at once in this process; more are sent elsewhere. */
  readonly callsMax: number;
}

const vendorKeys = [
  'TWILIO_AUTH_TOKEN',
  'DEEPGRAM_API_KEY',
  'OPENAI_API_KEY',
  'OPENAI_SECOND_API_KEY',
  'CARTESIA_API_KEY',
  'ELEVENLABS_API_KEY',
  'GOOGLE_CLIENT_ID',
  'GOOGLE_SERVICE_ACCOUNT_JSON',
  'STRIPE_SECRET_KEY',
  'LIVEKIT_API_KEY',
];

/** Whoever finds the key out makes tokens for anybody. */
const SECRET_CHARACTERS_MIN = 32;
const METRICS_TOKEN_CHARACTERS_MIN = 16;
/** Set both or none. */
const pairs = [
  ['ADMIN_EMAIL', 'ADMIN_PASSWORD'],
  ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
  ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
];
/** With what stands before it where clients name it. */
const MODEL_CHARACTERS_MAX = 190;

/** What the reference documents name for development. */
const developmentOrigins = [
  'http://127.0.0.1:5173',
  'http://localhost:5173',
  'http://127.0.0.1:8000',
  'http://localhost:8000',
];

/** Throws `config_invalid` with all faults in its message. */
export function readConfig(environment: Environment = process.env): Config {
  const { faults, text, number, flag, url, origin, origins } = readEnvironment(environment);
  const port = number('PORT', 8000, 0, 65_535);
  const publicUrl = origin('PUBLIC_URL', `http://localhost:${port}`);
  const sandbox = sandboxMode();
  if (sandbox === 'off') {
    for (const name of ['JWT_SECRET', 'SEALING_KEY']) {
      if (!text(name)) faults.push(`${name} is required outside the sandbox`);
    }
  }
  const jwtSecret = text('JWT_SECRET');
  if (jwtSecret !== undefined && jwtSecret.length < SECRET_CHARACTERS_MIN) {
    faults.push(`JWT_SECRET must have at least ${SECRET_CHARACTERS_MIN} characters`);
  }
  for (const key of [text('SEALING_KEY'), ...previousKeys()]) {
    if (key !== undefined && key.length < SECRET_CHARACTERS_MIN) {
      faults.push(
        `SEALING_KEY and SEALING_KEY_PREVIOUS must have at least ${SECRET_CHARACTERS_MIN} characters`,
      );
    }
  }
  const adminEmail = text('ADMIN_EMAIL');
  const adminPassword = text('ADMIN_PASSWORD');
  for (const pair of pairs) {
    if (pair.filter(text).length === 1) faults.push(`${pair.join(' and ')} go together`);
  }
  if (adminEmail !== undefined && !/^[^\s@]+@[^\s@]+$/.test(adminEmail)) {
    faults.push('ADMIN_EMAIL must be an e-mail address');
  }
  if (adminPassword !== undefined && adminPassword.length < PASSWORD_CHARACTERS_MIN) {
    faults.push(`ADMIN_PASSWORD must have at least ${PASSWORD_CHARACTERS_MIN} characters`);
  }
  if (text('TWILIO_AUTH_TOKEN_SECONDARY') && !text('TWILIO_AUTH_TOKEN')) {
    faults.push('TWILIO_AUTH_TOKEN_SECONDARY needs TWILIO_AUTH_TOKEN');
  }
  if (!/^postgres(ql)?:\/\//.test(text('DATABASE_URL') ?? 'postgres://')) {
    faults.push('DATABASE_URL must begin with postgres://');
  }
  if (!isKeyFile(text('GOOGLE_SERVICE_ACCOUNT_JSON'))) {
    faults.push('GOOGLE_SERVICE_ACCOUNT_JSON must be the key file of a service account, as JSON');
  }
  if (!isModelName(text('OPENAI_MODEL') ?? 'none')) {
    faults.push(`OPENAI_MODEL must be the name of a model, not "${text('OPENAI_MODEL')}"`);
  }
  const metricsToken = text('METRICS_TOKEN');
  if (metricsToken !== undefined && metricsToken.length < METRICS_TOKEN_CHARACTERS_MIN) {
    faults.push(`METRICS_TOKEN must have at least ${METRICS_TOKEN_CHARACTERS_MIN} characters`);
  }
  if (text('VAPI_PUBLIC_API_KEY') && text('VAPI_PUBLIC_API_KEY') === text('VAPI_API_KEY')) {
    faults.push('VAPI_PUBLIC_API_KEY is handed to apps: it must not be the secret VAPI_API_KEY');
  }
  const config: Config = {
    host: text('HOST') ?? '127.0.0.1',
    port,
    publicUrl,
    internal: {
      host: text('INTERNAL_HOST') ?? '127.0.0.1',
      port: number('INTERNAL_PORT', 8001, 0, 65_535),
      portWasSet: text('INTERNAL_PORT') !== undefined,
    },
    corsOrigins: origins('CORS_ORIGINS', sandbox === 'off' ? [] : developmentOrigins),
    loopbackOrigins: loopbackOrigins(),
    trustedProxies: number('TRUSTED_PROXIES', 0, 0, 10),
    databaseUrl: text('DATABASE_URL'),
    dataDir: path.resolve(text('DATA_DIR') ?? 'data'),
    dataDirWasSet: text('DATA_DIR') !== undefined,
    sandbox,
    jwtSecret,
    sealingKey: text('SEALING_KEY'),
    sealingKeysPrevious: previousKeys(),
    admin: adminEmail && adminPassword ? { email: adminEmail, password: adminPassword } : undefined,
    twilio: {
      url: url('TWILIO_BASE_URL', 'https://api.twilio.com'),
      accountSid: text('TWILIO_ACCOUNT_SID'),
      authTokens: ['TWILIO_AUTH_TOKEN', 'TWILIO_AUTH_TOKEN_SECONDARY'].flatMap(
        (name) => text(name) ?? [],
      ),
    },
    deepgram: vendor('DEEPGRAM', 'https://api.deepgram.com'),
    openai: { ...vendor('OPENAI', 'https://api.openai.com/v1'), model: text('OPENAI_MODEL') },
    openaiSecond: openaiSecond(),
    cartesia: vendor('CARTESIA', 'https://api.cartesia.ai'),
    elevenlabs: vendor('ELEVENLABS', 'https://api.elevenlabs.io'),
    livekit: livekit(),
    anonymousSessions: flag('ALLOW_ANONYMOUS_SESSIONS', sandbox !== 'off'),
    metricsToken,
    vapi: {
      publicApiKey: text('VAPI_PUBLIC_API_KEY'),
      assistantId: text('VAPI_ASSISTANT_ID'),
    },
    google: {
      url: text('GOOGLE_BASE_URL') === undefined ? undefined : url('GOOGLE_BASE_URL', ''),
      clientId: text('GOOGLE_CLIENT_ID'),
      clientSecret: text('GOOGLE_CLIENT_SECRET'),
      serviceAccountJson: text('GOOGLE_SERVICE_ACCOUNT_JSON'),
    },
    stripe: {
      url: text('STRIPE_BASE_URL') === undefined ? undefined : url('STRIPE_BASE_URL', ''),
      key: text('STRIPE_SECRET_KEY'),
      webhookSecret: text('STRIPE_WEBHOOK_SECRET'),
    },
    recordingsBucket: recordingsBucket(),
    log: { level: logLevel(), pii: flag('LOG_PII', false) },
    killTimeoutMs: number('KILL_TIMEOUT', 300, 0, 86_400) * 1000,
    callsMax: number('CALLS_MAX', 400, 1, 10_000),
  };
  if (faults.length > 0) {
    throw new AppError(
      'config_invalid',
      `The configuration is not valid:\n- ${[...new Set(faults)].join('\n- ')}`,
    );
  }
  return Object.freeze(config);

  function loopbackOrigins(): readonly string[] {
    const given = origins('LOOPBACK_ORIGINS', []);
    if (given.some((each) => !isLoopback(new URL(each).hostname))) {
      faults.push('LOOPBACK_ORIGINS may only list origins on loopback');
    }
    if (given.length > 0 && !isLoopback(new URL(publicUrl).hostname)) {
      faults.push('LOOPBACK_ORIGINS needs a loopback PUBLIC_URL');
    }
    return given;
  }

  function recordingsBucket(): BucketConfig | undefined {
    const bucket = text('RECORDINGS_S3_BUCKET');
    if (bucket === undefined) return undefined;
    const accessKeyId = text('RECORDINGS_S3_ACCESS_KEY_ID');
    const secretAccessKey = text('RECORDINGS_S3_SECRET_ACCESS_KEY');
    if (accessKeyId === undefined || secretAccessKey === undefined) {
      faults.push(
        'RECORDINGS_S3_BUCKET needs RECORDINGS_S3_ACCESS_KEY_ID and RECORDINGS_S3_SECRET_ACCESS_KEY',
      );
      return undefined;
    }
    if (!/^[a-z0-9][a-z0-9.-]{1,62}$/.test(bucket)) {
      faults.push(`RECORDINGS_S3_BUCKET must be the name of a bucket, not "${bucket}"`);
    }
    const region = text('RECORDINGS_S3_REGION') ?? 'us-east-1';
    const endpoint = url('RECORDINGS_S3_ENDPOINT', `https://s3.${region}.amazonaws.com`);
    return { endpoint, bucket, region, accessKeyId, secretAccessKey };
  }

  function livekit(): Config['livekit'] {
    const names = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'];
    const [given = '', apiKey = '', apiSecret = ''] = names.map(text);
    const missing = names.filter((name) => !text(name));
    if (missing.length === names.length) return undefined;
    if (missing.length > 0) {
      faults.push(`${names.join(', ')} go together: ${missing.join(' and ')} missing`);
    } else if (!URL.canParse(given) || !/^wss?:/.test(given)) {
      faults.push(`LIVEKIT_URL must be a ws or wss URL, not "${given}"`);
    }
    return { url: given, apiKey, apiSecret };
  }

  function openaiSecond(): Config['openaiSecond'] {
    const names = ['OPENAI_SECOND_BASE_URL', 'OPENAI_SECOND_API_KEY', 'OPENAI_SECOND_MODEL'];
    const [, key = '', model = ''] = names.map(text);
    const missing = names.filter((name) => !text(name));
    if (missing.length === names.length) return undefined;
    if (missing.length > 0) {
      faults.push(`${names.join(', ')} go together: ${missing.join(' and ')} missing`);
      return undefined;
    }
    if (!isModelName(model)) {
      faults.push(`OPENAI_SECOND_MODEL must be the name of a model, not "${model}"`);
    }
    return { url: url('OPENAI_SECOND_BASE_URL', ''), key, model };
  }

  function vendor(prefix: string, fallback: string): VendorConfig {
    return { url: url(`${prefix}_BASE_URL`, fallback), key: text(`${prefix}_API_KEY`) };
  }

  function previousKeys(): readonly string[] {
    return (text('SEALING_KEY_PREVIOUS') ?? '').split(',').flatMap((each) => each.trim() || []);
  }

  function sandboxMode(): Config['sandbox'] {
    const given = text('SANDBOX')?.toLowerCase();
    const loopback = isLoopback(new URL(publicUrl).hostname);
    if (given === 'mixed') {
      if (!loopback) faults.push('SANDBOX=mixed needs a loopback PUBLIC_URL');
      return 'mixed';
    }
    if (given !== undefined && given !== 'off' && given !== 'on') {
      faults.push(`SANDBOX must be on, mixed or off, not "${given}"`);
    }
    const keys = vendorKeys.filter((name) => text(name));
    if (given === 'on' && (keys.length > 0 || !loopback)) {
      const reason = loopback ? `${keys.join(', ')} set` : 'PUBLIC_URL not loopback';
      faults.push(`SANDBOX=on is refused: ${reason}. SANDBOX=mixed allows keys on loopback`);
    }
    return given === 'off' || keys.length > 0 || !loopback ? 'off' : 'on';
  }

  function logLevel(): LogLevel {
    const given = text('LOG_LEVEL')?.toLowerCase() ?? 'info';
    const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];
    const level = levels.find((each) => each === given);
    if (!level) faults.push(`LOG_LEVEL must be one of ${levels.join(', ')}, not "${given}"`);
    return level ?? 'info';
  }
}

/** Reads `.env` of the working directory into the environment, without replacing what is set. */
export function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

function isKeyFile(json = '{"type":"service_account"}'): boolean {
  try {
    return parseObject(json)['type'] === 'service_account';
  } catch {
    return false;
  }
}

function isModelName(text: string): boolean {
  return text.length <= MODEL_CHARACTERS_MAX && /^[\w.:@-]+(?:\/[\w.:@-]+)*$/.test(text);
}
