// The environment as configuration: every setting and its default, and all faults told at once.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readConfig } from '../src/config.ts';
import { AppError } from '../src/lib/errors.ts';

function faultsOf(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'config_invalid');
    return error.message;
  }
  return '';
}

const rest = {
  VAPI_PUBLIC_API_KEY: 'p',
  LIVEKIT_URL: 'wss://rooms.example',
  LIVEKIT_API_KEY: 'k',
  LIVEKIT_API_SECRET: 's',
};
const secrets = { JWT_SECRET: 'a'.repeat(32), SEALING_KEY: 'b'.repeat(32) };

test('nothing set is the sandbox on port 8000', () => {
  const config = readConfig({});
  assert.equal(config.sandbox, 'on');
  assert.equal(config.publicUrl, 'http://localhost:8000');
  assert.equal(config.dataDirWasSet, false);
  assert.ok(Object.isFrozen(config));
});

test('a key, a public address or SANDBOX=off ends the sandbox, and then secrets are required', () => {
  for (const environment of [
    { DEEPGRAM_API_KEY: 'k' },
    { PUBLIC_URL: 'https://desk.example' },
    { SANDBOX: 'off' },
  ]) {
    const faults = faultsOf(environment);
    assert.match(faults, /JWT_SECRET is required/);
    assert.match(faults, /SEALING_KEY is required/);
    assert.equal(readConfig({ ...environment, ...secrets }).sandbox, 'off');
  }
});

test('stand-ins beside real keys need a loopback address', () => {
  assert.equal(readConfig({ SANDBOX: 'mixed', OPENAI_API_KEY: 'k' }).sandbox, 'mixed');
  assert.match(faultsOf({ SANDBOX: 'mixed', PUBLIC_URL: 'https://desk.example' }), /loopback/);
  assert.match(faultsOf({ SANDBOX: 'on', OPENAI_API_KEY: 'k' }), /OPENAI_API_KEY set/);
});

test('all faults are told at once, each with its name', () => {
  const faults = faultsOf({
    PORT: 'eighty',
    PUBLIC_URL: 'http://desk.example/path',
    LOG_LEVEL: 'loud',
    ADMIN_EMAIL: 'a@example.com',
    TWILIO_BASE_URL: 'ftp://x',
    KILL_TIMEOUT: '-1',
    LOG_PII: 'perhaps',
    ...secrets,
  });
  for (const name of [
    'PORT',
    'PUBLIC_URL must have no path',
    'PUBLIC_URL must be https',
    'LOG_LEVEL',
    'ADMIN_PASSWORD',
    'TWILIO_BASE_URL',
    'KILL_TIMEOUT',
    'LOG_PII',
  ]) {
    assert.ok(faults.includes(name), name);
  }
});

test('what would only show when it is first used is a fault at the start, too', () => {
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ ADMIN_EMAIL: 'root', ADMIN_PASSWORD: 'long enough' }, 'ADMIN_EMAIL must be an e-mail'],
    [{ ADMIN_EMAIL: 'a@example.com', ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD must have'],
    [{ DATABASE_URL: 'mysql://u:hunter2@h/db' }, 'DATABASE_URL must begin with postgres://'],
    [{ GOOGLE_CLIENT_ID: 'x' }, 'GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET go together'],
    [{ GOOGLE_CLIENT_SECRET: 'x' }, 'GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET go together'],
    [{ GOOGLE_SERVICE_ACCOUNT_JSON: '{hunter2' }, 'GOOGLE_SERVICE_ACCOUNT_JSON must be the key'],
    [{ GOOGLE_SERVICE_ACCOUNT_JSON: '{}' }, 'GOOGLE_SERVICE_ACCOUNT_JSON must be the key file'],
    [{ STRIPE_SECRET_KEY: 'x' }, 'STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET go together'],
    [{ TWILIO_AUTH_TOKEN_SECONDARY: 'x' }, '_SECONDARY needs TWILIO_AUTH_TOKEN'],
    [{ OPENAI_MODEL: 'two words' }, 'OPENAI_MODEL must be the name of a model'],
  ];
  for (const [environment, fault] of cases) {
    const faults = faultsOf({ ...secrets, ...environment });
    assert.ok(faults.includes(fault), `${JSON.stringify(environment)}: ${faults}`);
    assert.ok(!faults.includes('hunter2'));
  }
  const all = faultsOf(Object.assign({ ...secrets, ...secrets }, ...cases.map(([each]) => each)));
  assert.ok(all.split('\n').length === 7, 'and all of them together');
  const twice = faultsOf({
    JWT_SECRET: secrets.JWT_SECRET,
    SEALING_KEY: 'a',
    SEALING_KEY_PREVIOUS: 'b',
  });
  assert.equal(twice.match(/at least 32/g)?.length, 1, 'each once');
});

test('PUBLIC_URL is taken as callers will write it: signatures are checked against it', () => {
  const given = { ...secrets, PUBLIC_URL: 'HTTPS://Desk.Example:443/' };
  assert.equal(readConfig(given).publicUrl, 'https://desk.example');
});

test('both auth tokens are accepted while one replaces the other', () => {
  const config = readConfig({
    ...secrets,
    TWILIO_AUTH_TOKEN: 'new',
    TWILIO_AUTH_TOKEN_SECONDARY: 'old',
  });
  assert.deepEqual(config.twilio.authTokens, ['new', 'old']);
});

test('addresses lose their last slash, and ports may be chosen', () => {
  const config = readConfig({ PORT: '9000', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1/' });
  assert.equal(config.openai.url, 'http://127.0.0.1:1/v1');
  assert.equal(config.publicUrl, 'http://localhost:9000');
});

test('a second server of models is there whole or not at all', () => {
  const whole = {
    ...secrets,
    OPENAI_SECOND_BASE_URL: 'https://models.example/v1/',
    OPENAI_SECOND_API_KEY: 'k',
    OPENAI_SECOND_MODEL: 'meta/llama-3',
  };
  const { openaiSecond, sandbox } = readConfig(whole);
  assert.deepEqual(openaiSecond, {
    url: 'https://models.example/v1',
    key: 'k',
    model: 'meta/llama-3',
  });
  assert.equal(sandbox, 'off');
  assert.equal(readConfig({}).openaiSecond, undefined);
  for (const name of ['OPENAI_SECOND_BASE_URL', 'OPENAI_SECOND_MODEL']) {
    assert.throws(() => readConfig({ ...whole, [name]: '' }), new RegExp(`${name} missing`));
  }
  assert.throws(() => readConfig({ ...whole, OPENAI_SECOND_MODEL: 'a b' }), /SECOND_MODEL must/);
});

test('who may call from elsewhere, and what only other services reach', () => {
  const usual = readConfig({});
  assert.ok(usual.corsOrigins.includes('http://localhost:5173'), 'development, in the sandbox');
  assert.deepEqual(usual.internal, { host: '127.0.0.1', port: 8001, portWasSet: false });
  const set = readConfig({
    CORS_ORIGINS: 'https://a.example, https://b.example:8443',
    INTERNAL_PORT: '9001',
    TRUSTED_PROXIES: '2',
    GOOGLE_BASE_URL: 'http://127.0.0.1:9/',
  });
  assert.deepEqual(set.corsOrigins, ['https://a.example', 'https://b.example:8443']);
  assert.deepEqual([set.internal.port, set.internal.portWasSet], [9001, true]);
  assert.deepEqual([set.trustedProxies, set.google.url], [2, 'http://127.0.0.1:9']);
  for (const origin of ['*', 'null', 'a.example', 'https://a.example/', 'https://*.a.example']) {
    assert.throws(() => readConfig({ CORS_ORIGINS: origin }), /CORS_ORIGINS/, origin);
  }
  assert.throws(() => readConfig({ JWT_SECRET: 'short' }), /JWT_SECRET must have/);
});

test('owners may name loopback only where it is configured, and nobody outside can reach us', () => {
  const origin = 'http://127.0.0.1:9000';
  assert.deepEqual(readConfig({ LOOPBACK_ORIGINS: origin }).loopbackOrigins, [origin]);
  assert.throws(() => readConfig({ LOOPBACK_ORIGINS: 'http://10.0.0.1:9000' }), /on loopback/);
  const outside = {
    PUBLIC_URL: 'https://x.example.com',
    JWT_SECRET: 'x'.repeat(32),
    SEALING_KEY: 'y'.repeat(32),
  };
  assert.throws(() => readConfig({ ...outside, LOOPBACK_ORIGINS: origin }), /loopback PUBLIC_URL/);
});

/** Of `.env.example`: a name and what stands beside it. */
const described = new Map(
  [
    ...readFileSync(new URL('../.env.example', import.meta.url), 'utf8').matchAll(
      /^#([A-Z][A-Z0-9_]*)=(.*)$/gm,
    ),
  ].map(([, name, value]) => [name!, value!]),
);

/** What stands beside these is an example, or what they are outside the sandbox. */
const examples = new Set([
  'ALLOW_ANONYMOUS_SESSIONS',
  'CORS_ORIGINS',
  'DATABASE_URL',
  'LIVEKIT_URL',
  'LOOPBACK_ORIGINS',
  'OPENAI_SECOND_BASE_URL',
  'SANDBOX',
  'STRIPE_BASE_URL',
]);

test('.env.example names every variable that is read, and no other', () => {
  const asked = new Set<string>();
  const noting = (set: Record<string, string>) =>
    new Proxy(set, {
      get(target, name) {
        if (typeof name === 'string') asked.add(name);
        return typeof name === 'string' ? target[name] : undefined;
      },
    });
  readConfig(noting({}));
  // Some are only asked for beside another.
  const bucket = { RECORDINGS_S3_BUCKET: 'recordings', RECORDINGS_S3_ACCESS_KEY_ID: 'i' };
  readConfig(noting({ ...bucket, RECORDINGS_S3_SECRET_ACCESS_KEY: 's', ...rest, ...secrets }));
  assert.deepEqual(
    [...asked].filter((name) => !described.has(name)),
    [],
  );
  assert.deepEqual(
    [...described.keys()].filter((name) => !asked.has(name)),
    [],
  );
});

test('the defaults that .env.example names are those that hold', () => {
  const set = [...described].filter(([name, value]) => value !== '' && !examples.has(name));
  assert.ok(set.length > 15);
  for (const [name, value] of set) {
    const { dataDirWasSet: _, internal, ...given } = readConfig({ [name]: value });
    const { dataDirWasSet: _none, internal: usual, ...defaults } = readConfig({});
    assert.deepEqual(given, defaults, name);
    assert.deepEqual([internal.host, internal.port], [usual.host, usual.port], name);
  }
});
