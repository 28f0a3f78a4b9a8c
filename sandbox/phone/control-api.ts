// The phone's remote control: a script comes in by HTTP, a call is placed, its events go out as they happen.

import Fastify from 'fastify';
import type { FastifyReply } from 'fastify';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { AgentWords } from './agent-words.ts';
import type { Call } from './call.ts';
import { runScript, scriptSchema } from './caller-script.ts';
import type { CallerScript } from './caller-script.ts';
import { dropped } from './faults.ts';
import { placeSound } from './places.ts';
import type { Phone } from './phone.ts';

/** Calls that may run at once by remote control. */
const CALLS_MAX = 1000;
/** Which frames are lost is the same every time. */
const LOSS_SEED = 1;

export interface ControlOptions {
  readonly phone: Phone;
  readonly token: string;
  /** The server to call. */
  readonly publicUrl: string;
  readonly agentWords: AgentWords;
  /** Gets the status callback of the number, as Twilio's console would be set; none by default. */
  readonly statusCallback?: string;
  readonly port?: number;
}

export interface ControlApi {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `POST /calls` with a script and `Authorization: Bearer`: answers with one JSON event a line until the call has ended;
 * the last is `ended`. Whoever drops the request hangs up.
 */
export async function startControlApi(options: ControlOptions): Promise<ControlApi> {
  const { phone, token, port = 0 } = options;
  const app = Fastify({ logger: false, forceCloseConnections: true })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler);
  app.addHook('onRequest', async (request, reply) => {
    const given = request.headers.authorization?.replace(/^Bearer /i, '') ?? '';
    if (timingSafeEqual(digest(given), digest(token))) return;
    await reply.code(401).send({ detail: 'the token of sandbox.json is needed' });
  });
  app.post('/calls', { schema: { body: scriptSchema } }, async (request, reply) => {
    if (phone.liveCalls.length >= CALLS_MAX) {
      return reply.code(429).send({ detail: `${CALLS_MAX} calls are running` });
    }
    let noise: Int16Array | undefined;
    try {
      noise = await noiseOf(request.body);
    } catch (error) {
      return reply.code(400).send({ detail: error instanceof Error ? error.message : 'no sound' });
    }
    reply.hijack();
    play(options, request.body, noise, reply).catch(() => reply.raw.destroy());
    return reply;
  });
  await app.listen({ host: '127.0.0.1', port });
  const address = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${address.port}`, close: () => app.close() };
}

async function noiseOf({ noise, place = 'line' }: CallerScript): Promise<Int16Array | undefined> {
  return noise === undefined ? undefined : placeSound(place, noise);
}

async function play(
  { phone, publicUrl, agentWords, statusCallback }: ControlOptions,
  script: CallerScript,
  noise: Int16Array | undefined,
  reply: FastifyReply,
): Promise<void> {
  const call = phone.placeCall({
    publicUrl,
    from: script.from,
    to: script.to,
    voice: script.voice ?? 'rms',
    keepAudio: true,
    ...(statusCallback === undefined ? {} : { statusCallback }),
    ...(script.fainterDb === undefined ? {} : { fainterDb: script.fainterDb }),
    ...(script.echo === undefined ? {} : { echo: script.echo }),
    ...(script.speed === undefined ? {} : { speed: script.speed }),
    ...(script.loss === undefined ? {} : { line: { mangle: dropped(LOSS_SEED, script.loss) } }),
    ...(noise === undefined ? {} : { noise }),
  });
  const { raw } = reply;
  raw.on('close', () => call.hangUp());
  raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const parts = {
    heardText: (each: Call, fromMs: number) => agentWords.heard(each.earpiece, fromMs, each.nowMs),
    sleep: (ms: number, each: Call) => {
      const untilMs = each.nowMs + ms;
      return each.until(() => each.nowMs >= untilMs);
    },
  };
  using late = phone.clock.after(script.hangUpAfterMs ?? 3_600_000, () => call.hangUp());
  void late;
  const played = runScript(parts, call, script);
  let saidMs = 0;
  for await (const event of call.events) {
    raw.write(`${JSON.stringify(event)}\n`);
    if (event.type !== 'agent-quiet') continue;
    const text = agentWords.heard(call.earpiece, saidMs, event.atMs);
    raw.write(`${JSON.stringify({ type: 'agent-said', atMs: event.atMs, text: text ?? null })}\n`);
    saidMs = event.atMs;
  }
  await played;
  raw.end();
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
