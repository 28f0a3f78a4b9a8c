// The least that can answer a call, for bench/calls.ts: audio handed on, quiet counted by loudness, one question to the model,
// its answer to the voice, the voice's audio to the caller. Nothing is checked, stored, metered, interrupted or repaired.

import { createServer } from 'node:http';
import OpenAI from 'openai';
import { WebSocket, WebSocketServer } from 'ws';
import { decodeMulaw } from '../../src/pipeline/audio/mulaw.ts';

/** As much as the server sends its recogniser at once, and as long as it waits after words that make a whole. */
const BATCH_BYTES = 480;
const WAIT_MS = 240;
/** Samples louder than this are sound. */
const LOUD = 300;
const FRAME_MS = 20;

const { env } = process;
const openai = new OpenAI({ apiKey: env['OPENAI_API_KEY'], baseURL: env['OPENAI_BASE_URL'] });
const url = env['PUBLIC_URL']!.replace('http', 'ws');

const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'text/xml');
  if (request.url === '/ready') return response.end('{}');
  return response.end(
    `<?xml version="1.0"?><Response><Connect><Stream url="${url}/media"/></Connect></Response>`,
  );
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (line) => answer(line));
server.listen(Number(env['PORT']), '127.0.0.1');

function answer(line: WebSocket): void {
  let streamSid = '';
  let heard = '';
  let quietMs = 0;
  let asked = false;
  let turn = 0;
  let batch: Buffer[] = [];
  const ear = new WebSocket(
    `${env['DEEPGRAM_BASE_URL']!.replace('http', 'ws')}/v1/listen?model=nova-3&encoding=mulaw&sample_rate=8000&channels=1&interim_results=true&endpointing=false`,
    { headers: { Authorization: `Token ${env['DEEPGRAM_API_KEY']}` }, perMessageDeflate: false },
  );
  const voice = new WebSocket(`${env['CARTESIA_BASE_URL']!.replace('http', 'ws')}/tts/websocket`, {
    headers: {
      Authorization: `Bearer ${env['CARTESIA_API_KEY']}`,
      'Cartesia-Version': '2026-08-14',
    },
    perMessageDeflate: false,
  });
  for (const socket of [line, ear, voice]) socket.on('error', () => {});
  line.on('close', () => {
    ear.terminate();
    voice.terminate();
  });
  line.on('message', (raw: Buffer) => {
    const message = JSON.parse(raw.toString());
    if (message.event === 'start') {
      ({ streamSid } = message);
      voice.once('open', () => say('Hello, how can I help you?'));
    }
    if (message.event === 'media') hear(Buffer.from(message.media.payload, 'base64'));
  });
  ear.on('message', (raw: Buffer) => {
    const message = JSON.parse(raw.toString());
    const text = message.channel?.alternatives[0]?.transcript;
    if (text) heard = text;
    if (text && message.is_final) void ask(text);
  });
  voice.on('message', (raw: Buffer) => {
    const { data } = JSON.parse(raw.toString());
    if (!data) return;
    const media = { event: 'media', streamSid, media: { payload: data } };
    line.send(JSON.stringify(media));
  });

  function hear(audio: Buffer): void {
    batch.push(audio);
    if (batch.length * audio.length >= BATCH_BYTES) {
      if (ear.readyState === WebSocket.OPEN) ear.send(Buffer.concat(batch));
      batch = [];
    }
    if (decodeMulaw(audio).some((sample) => Math.abs(sample) > LOUD)) {
      quietMs = 0;
      asked = false;
    } else {
      quietMs += FRAME_MS;
    }
    if (quietMs < WAIT_MS || asked || heard === '') return;
    asked = true;
    heard = '';
    ear.send('{"type":"Finalize"}');
  }

  async function ask(text: string): Promise<void> {
    const messages = [{ role: 'user' as const, content: text }];
    const stream = await openai.chat.completions.create({ model: 'gpt', messages, stream: true });
    let said = '';
    for await (const part of stream) said += part.choices[0]?.delta.content ?? '';
    say(said);
  }

  function say(transcript: string): void {
    turn += 1;
    voice.send(
      JSON.stringify({
        context_id: `turn-${turn}`,
        model_id: 'sonic-3',
        voice: '694f9389-aac1-45b6-b726-9d9369183238',
        transcript,
        continue: false,
        output_format: { container: 'raw', encoding: 'pcm_mulaw', sample_rate: 8000 },
      }),
    );
  }
}
