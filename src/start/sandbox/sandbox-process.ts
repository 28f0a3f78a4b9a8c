// The sandbox: stand-ins for outside vendors in a process of their own, and the configuration that points at them.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../config.ts';
import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { runtimeFlags } from '../runtime-flags.ts';

/** Loading the recogniser's model takes most of it: two seconds, and many more where the machine has much else to do. */
const READY_MS = 60_000;
const STOP_MS = 3000;

interface StandIn {
  readonly url: string;
  readonly key: string;
}

/** The line that the sandbox prints when it is ready. */
interface Ready {
  readonly deepgram: StandIn;
  readonly openai: StandIn;
  readonly cartesia: StandIn;
  readonly elevenlabs: StandIn;
  readonly google: StandIn & { readonly clientId: string };
  readonly stripe: StandIn & { readonly webhookSecret: string };
  readonly twilio: {
    readonly url: string;
    readonly accountSid: string;
    readonly authToken: string;
  };
}

export interface SandboxProcess {
  /** The configuration with a stand-in for every vendor that has no key of its own. */
  readonly config: Config;
  /** What stands in, for the banner. */
  readonly standIns: readonly string[];
  stop(): Promise<void>;
}

export interface DemoNumber {
  readonly number: string;
  readonly name: string;
}

/** Starts it and waits until it listens. It ends with this process, however this ends. Throws `unavailable`. */
export async function startSandbox(
  config: Config,
  { clock, log, dataDir, demo }: { clock: Clock; log: Log; dataDir: string; demo: DemoNumber },
): Promise<SandboxProcess> {
  const main = fileURLToPath(new URL('../../../sandbox/main.ts', import.meta.url));
  const flags = ['--data-dir', dataDir, '--public-url', config.publicUrl];
  const demoFlags = ['--demo-number', demo.number, '--demo-name', demo.name];
  const child = spawn(process.execPath, [...runtimeFlags(), main, ...flags, ...demoFlags], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // It dies when this pipe closes; an error here means that it has.
  child.stdin.on('error', () => {});
  const ready = new Promise<Ready>((resolve, reject) => {
    const away = (cause?: unknown) =>
      reject(new AppError('unavailable', 'the sandbox did not start', { cause }));
    child.once('error', away);
    child.once('exit', (code) => away(new Error(`exit code ${code}`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      try {
        resolve(JSON.parse(line) as Ready);
      } catch (error) {
        away(error);
      }
    });
  });
  const late = () => new AppError('unavailable', 'the sandbox took too long to start');
  const state = await within(clock, READY_MS, ready, late).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  void gone.then(() => log.info('sandbox ended'));
  return {
    ...withStandIns(config, state),
    async stop() {
      child.stdin.end();
      const stuck = () => new AppError('unavailable', 'the sandbox does not end');
      await within(clock, STOP_MS, gone, stuck).catch(() => child.kill('SIGKILL'));
    },
  };
}

function withStandIns(config: Config, ready: Ready): { config: Config; standIns: string[] } {
  const standIns: string[] = [];
  const pick = <Vendor extends { key: string | undefined }>(
    name: string,
    own: Vendor,
    standIn: StandIn,
  ): Vendor => {
    if (own.key !== undefined) return own;
    standIns.push(name);
    return { ...own, ...standIn };
  };
  const changed: Config = {
    ...config,
    deepgram: pick('Deepgram', config.deepgram, ready.deepgram),
    openai: pick('OpenAI', config.openai, ready.openai),
    cartesia: pick('Cartesia', config.cartesia, ready.cartesia),
    elevenlabs: pick('ElevenLabs', config.elevenlabs, ready.elevenlabs),
    google: config.google.clientId === undefined ? googleOf(config, ready) : config.google,
    stripe: config.stripe.key === undefined ? ready.stripe : config.stripe,
    twilio: config.twilio.authTokens.length > 0 ? config.twilio : twilioOf(ready),
  };
  if (config.google.clientId === undefined) standIns.push('Google');
  if (config.stripe.key === undefined) standIns.push('Stripe');
  if (config.twilio.authTokens.length === 0) standIns.push('Twilio');
  return { config: changed, standIns };
}

function googleOf(config: Config, { google }: Ready): Config['google'] {
  const { url, clientId, key: clientSecret } = google;
  return { ...config.google, url, clientId, clientSecret };
}

function twilioOf({ twilio }: Ready): Config['twilio'] {
  return { url: twilio.url, accountSid: twilio.accountSid, authTokens: [twilio.authToken] };
}
