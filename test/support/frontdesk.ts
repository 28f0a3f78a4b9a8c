// The whole product in one process, with its own database, stand-ins that follow a script, and a phone to call it with.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Phone } from '../../sandbox/phone/phone.ts';
import { scriptedHearing } from '../../sandbox/speech/scripted-hearing.ts';
import { openSpeaker } from '../../sandbox/speech/speaking.ts';
import { toneSpeaker } from '../../sandbox/speech/tone-speaker.ts';
import type { StandIn } from '../../sandbox/stand-in-server.ts';
import { startCartesia } from '../../sandbox/vendors/cartesia.ts';
import type { VoiceStandIn } from '../../sandbox/vendors/voice-options.ts';
import { startDeepgram } from '../../sandbox/vendors/deepgram.ts';
import { startOpenai } from '../../sandbox/vendors/openai.ts';
import type { OpenaiStandIn } from '../../sandbox/vendors/openai.ts';
import { startTwilio } from '../../sandbox/vendors/twilio.ts';
import type { TwilioStandIn } from '../../sandbox/vendors/twilio.ts';
import type { Call } from '../../sandbox/phone/call.ts';
import type { PlaceCallOptions } from '../../sandbox/phone/phone.ts';
import { meterTimers } from '../../src/billing/meter-timers.ts';
import { readConfig } from '../../src/config.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { newId } from '../../src/lib/ids.ts';
import { openLog, quietLog } from '../../src/lib/log.ts';
import { startFrontdesk } from '../../src/start/frontdesk.ts';
import type { Frontdesk, Timers } from '../../src/start/frontdesk.ts';
import { openDatabase } from '../../src/store/sql.ts';
import type { Database } from '../../src/store/sql.ts';
import { streamTimers } from '../../src/telephony/twilio-stream.ts';
import { testDatabase } from './database.ts';
import { freePort } from './free-port.ts';
import { saveTestClient } from './test-client.ts';
import type { TestClient, TestClientOptions } from './test-client.ts';

const KEY = 'a-key-of-the-stand-ins';
const AUTH_TOKEN = 'the-auth-token-of-the-tests';

export interface TestFrontdesk {
  readonly publicUrl: string;
  readonly authToken: string;
  readonly accountSid: string;
  readonly frontdesk: Frontdesk;
  readonly database: Database;
  readonly client: TestClient;
  readonly phone: Phone;
  /** What the callers say, one text for each stretch of voice; a test may add to it. */
  readonly says: string[];
  readonly deepgram: StandIn;
  readonly openai: OpenaiStandIn;
  readonly cartesia: VoiceStandIn;
  readonly twilio: TwilioStandIn;
  /** Lines of the log, parsed. */
  readonly log: Record<string, unknown>[];
  /** A stretch of voice as long as saying `text` takes. */
  voice(text: string): Int16Array;
  /** Calls the client, or another number, from a number of its own. */
  call(options?: Partial<PlaceCallOptions>): Call;
  /** One more business. */
  addClient(options?: TestClientOptions): Promise<TestClient>;
  close(): Promise<void>;
}

export interface TestFrontdeskOptions {
  readonly client?: TestClientOptions;
  readonly timers?: Partial<{ meter: Partial<Timers['meter']>; stream: Partial<Timers['stream']> }>;
  readonly clock?: Clock;
  /** Milliseconds to the model's first token and between tokens. */
  readonly firstTokenMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Each caller says all of `says`; otherwise all callers together go through it. */
  readonly eachCaller?: boolean;
  /** Instead of a database of its own. */
  readonly connection?: string;
}

/** Started by a test; closed with it. */
export async function startTestFrontdesk(
  t: { after(act: () => Promise<void>): void },
  options: TestFrontdeskOptions = {},
): Promise<TestFrontdesk> {
  const { clock = systemClock } = options;
  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  const { connection, database } = await openTestDatabase(stack, options.connection);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'frontdesk-test-'));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));

  const says: string[] = [];
  const speaker = openSpeaker();
  stack.defer(() => speaker.close());
  const accountSid = `AC${'0'.repeat(32)}`;
  const phone = new Phone({ accountSid, authToken: AUTH_TOKEN });
  const [deepgram, openai, cartesia, twilio] = await Promise.all([
    startDeepgram({
      key: KEY,
      hearing: scriptedHearing({
        texts: says,
        delayMs: 100,
        eachStream: options.eachCaller ?? false,
      }),
    }),
    startOpenai({ key: KEY, firstTokenMs: options.firstTokenMs ?? 80, tokenMs: 5 }),
    startCartesia({ key: KEY, speaker: toneSpeaker({ firstByteMs: 40 }), contextsMax: 100 }),
    startTwilio({ phone }),
  ]);
  for (const standIn of [deepgram, openai, cartesia, twilio]) stack.defer(() => standIn.close());

  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const config = readConfig({
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    SANDBOX: 'off',
    JWT_SECRET: 'x'.repeat(32),
    SEALING_KEY: 'y'.repeat(32),
    DATA_DIR: dataDir,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_BASE_URL: twilio.url,
    DEEPGRAM_API_KEY: KEY,
    DEEPGRAM_BASE_URL: deepgram.url,
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: openai.url,
    CARTESIA_API_KEY: KEY,
    CARTESIA_BASE_URL: cartesia.url,
    ...options.env,
  });
  const lines: Record<string, unknown>[] = [];
  const log = openLog({
    level: 'debug',
    pii: false,
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const addClient = (given: TestClientOptions = {}) =>
    saveTestClient(database.general, newId(systemClock.now()), given);
  const client = await addClient(options.client);
  const frontdesk = await startFrontdesk({
    config,
    clock,
    log,
    timers: {
      meter: { ...meterTimers, ...options.timers?.meter },
      stream: { ...streamTimers, ...options.timers?.stream },
    },
    connection,
    soleOwner: true,
    dataDir,
  });
  stack.defer(() => frontdesk.drain(0));
  stack.defer(() => phone.hangUpAll());
  let callers = 0;
  return {
    publicUrl,
    authToken: AUTH_TOKEN,
    accountSid,
    frontdesk,
    database,
    client,
    phone,
    says,
    deepgram,
    openai,
    cartesia,
    twilio,
    log: lines,
    voice,
    call(given = {}) {
      callers += 1;
      const from = `+1415555${String(callers).padStart(4, '0')}`;
      return phone.placeCall({ publicUrl, from, to: client.number, ...given });
    },
    addClient,
    close: () => stack.disposeAsync(),
  };
}

async function openTestDatabase(
  stack: AsyncDisposableStack,
  connection: string | undefined,
): Promise<{ connection: string; database: Database }> {
  if (connection === undefined) {
    const test = await testDatabase();
    stack.defer(() => test.close());
    return test;
  }
  const database = openDatabase({ connection, clock: systemClock, log: quietLog });
  stack.defer(() => database.close());
  return { connection, database };
}

/** Voice enough for a detector: a pulse of 120 Hz with some formants, about as long as the words take. */
function voice(text: string): Int16Array {
  const samples = new Int16Array(Math.max(2400, text.length * 480));
  for (let index = 0; index < samples.length; index += 1) {
    const seconds = index / 8000;
    const pulse = Math.sin(2 * Math.PI * 120 * seconds) + Math.sin(2 * Math.PI * 240 * seconds) / 2;
    const formant = Math.sin(2 * Math.PI * 720 * seconds) * 0.6;
    const syllable = 0.55 + 0.45 * Math.sin(2 * Math.PI * 4 * seconds);
    samples[index] = Math.round(5000 * syllable * (pulse + formant));
  }
  return samples;
}
