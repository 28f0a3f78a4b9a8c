// What a 20 ms frame of the caller costs from socket message to turn-taking: `node bench/frames.ts`. One process, no
// network; and whether 180,000 frames, an hour of a call, leave anything in memory behind.

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { WebSocket } from 'ws';
import { abortable } from '../src/lib/abort.ts';
import { Channel } from '../src/lib/channel.ts';
import { Tick } from '../src/lib/clock.ts';
import { quietLog } from '../src/lib/log.ts';
import { energyDetection } from '../src/pipeline/audio/energy-detector.ts';
import { encodeMulaw } from '../src/pipeline/audio/mulaw.ts';
import { openVoiceDetection } from '../src/pipeline/audio/voice-detector.ts';
import type { VoiceDetection } from '../src/pipeline/audio/voice-detector.ts';
import { EchoGuard } from '../src/pipeline/hearing/echo-guard.ts';
import { EndpointWait } from '../src/pipeline/hearing/endpoint-wait.ts';
import { listen } from '../src/pipeline/hearing/ear.ts';
import { FLUSH } from '../src/pipeline/types.ts';
import type { CallerAudio, SpeechToText, Transcript } from '../src/pipeline/types.ts';
import { acceptMediaStream, streamTimers } from '../src/telephony/twilio-stream.ts';
import type { MediaStream } from '../src/telephony/twilio-line.ts';
import { VirtualClock } from '../test/support/clock.ts';
import { frames, join, noise, vowels } from '../test/support/sounds.ts';
import { cpuMs, printFigure, printFigures, printMachine } from './support/measure.ts';

const FRAME_MS = 20;
const FRAME_SAMPLES = 160;
/** Frames that go to the recogniser in one portion. */
const PORTION_FRAMES_MAX = 10;
const CALLS = 100;
/** Frames of each call in one round, rounds to warm up, rounds that count. */
const ROUND = 25;
const WARM_UP = 8;
const ROUNDS = 40;
const HOUR = 180_000;

/** What the stream sees of a socket; what it sends is not looked at. */
class DeafSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  readonly bufferedAmount = 0;
  send(): void {}
  close(): void {}
  terminate(): void {}
}

const accountSid = `AC${'0'.repeat(32)}`;
/** A caller who speaks a third of the time over some noise, for 3 s and again. */
const payloads = frames(join(vowels(8000, 1000), noise(8000, 2000, -60)), 8000).map((frame) =>
  Buffer.from(encodeMulaw(frame)).toString('base64'),
);

printMachine();
await measure('stream alone', new VirtualClock(), undefined);
await measure('stream and ear, voice by loudness', new VirtualClock(), energyDetection);
{
  const clock = new VirtualClock();
  using detection = await openVoiceDetection({ clock, log: quietLog });
  await measure('stream and ear, voice by the model', clock, detection);
}
await anHour();

/** Microseconds of processor time for a frame of one of `CALLS` calls. */
async function measure(
  name: string,
  clock: VirtualClock,
  detection: VoiceDetection | undefined,
): Promise<void> {
  const stop = new AbortController();
  const tick = new Tick(clock, FRAME_MS);
  const calls = await Promise.all(
    Array.from({ length: CALLS }, (_, index) => openCall(index, clock, tick)),
  );
  let heard = 0;
  for (const { line } of calls) hear(line);
  const times: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const messages = Array.from({ length: ROUND }, () => calls.map((call) => call.message()));
    const start = process.cpuUsage();
    for (const row of messages) {
      for (const [index, message] of row.entries()) calls[index]!.socket.emit('message', message);
      await clock.advance(FRAME_MS);
    }
    if (round >= 0) times.push((cpuMs(start) * 1000) / ROUND / CALLS);
  }
  // What the recogniser would get within the next portion may still wait for it.
  const frames = heard / FRAME_SAMPLES;
  const all = CALLS * ROUND * (ROUNDS + WARM_UP);
  assert.ok(frames <= all && frames > all - CALLS * PORTION_FRAMES_MAX, `${frames} of ${all}`);
  stop.abort(new Error('measured'));
  for (const { socket } of calls) socket.emit('close', 1000);
  printFigures(name, times, 'µs');

  function hear(line: MediaStream): void {
    if (!detection) return void count(line.incoming);
    const speechToText: SpeechToText = {
      endpointing: 'local',
      transcribe(audio) {
        void count(audio);
        return new Channel<Transcript>(1);
      },
    };
    listen(
      {
        transport: line,
        clock,
        language: 'en',
        callerRang: true,
        speechToText: Promise.resolve(speechToText),
        wait: new EndpointWait(),
        echoGuard: new EchoGuard(8000),
        voiceDetector: detection.open(8000),
      },
      { agent: 'quiet', asking: false, waiting: false, ending: false, saying: '', expected: {} },
      stop.signal,
    );
  }

  async function count(audio: AsyncIterable<CallerAudio>): Promise<void> {
    for await (const item of audio) if (item !== FLUSH) heard += item.length;
  }
}

async function openCall(index: number, clock: VirtualClock, tick: Tick) {
  const socket = new DeafSocket();
  const streamSid = `MZ${String(index).padStart(32, '0')}`;
  const accepted = acceptMediaStream(socket as unknown as WebSocket, {
    clock,
    tick,
    log: quietLog,
    accountSid,
    timers: streamTimers,
    calls: { complete: () => Promise.resolve(), update: () => Promise.resolve() },
    admit: () => Promise.resolve({ admitted: true }),
    transferTwiml: () => '',
    handOverTwiml: () => '',
  });
  const start = {
    streamSid,
    accountSid,
    callSid: `CA${String(index).padStart(32, '0')}`,
    tracks: ['inbound'],
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
  };
  socket.emit('message', text({ event: 'start', sequenceNumber: '1', start, streamSid }));
  const line = await accepted;
  assert.ok(line);
  let chunk = 0;
  return { socket, line, message };

  function message(): Buffer {
    const media = {
      track: 'inbound',
      chunk: String(chunk + 1),
      timestamp: String(chunk * FRAME_MS),
      payload: payloads[(chunk + index) % payloads.length],
    };
    chunk += 1;
    return text({ event: 'media', sequenceNumber: String(chunk + 1), media, streamSid });
  }
}

function text(message: unknown): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** Frames through a channel and `abortable`: what is in use after the first tenth, and what has been added at the end. */
async function anHour(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const channel = new Channel<Int16Array>(100);
  const reader = abortable(channel, new AbortController().signal);
  let early = 0;
  for (let frame = 0; frame < HOUR; frame += 1) {
    channel.push(new Int16Array(160));
    await reader.next();
    if (frame === HOUR / 10) early = used();
  }
  printFigure(`memory that ${HOUR} frames leave behind`, (used() - early) / 1024, 'kB');

  function used(): number {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  }
}
