// Voice activity: what it costs batched at 8 kHz against one by one at 16 kHz, and how often each is right.

import assert from 'node:assert/strict';
import { systemClock } from '../src/lib/clock.ts';
import { quietLog } from '../src/lib/log.ts';
import { EnergyDetector } from '../src/pipeline/audio/energy-detector.ts';
import { loadResampler } from '../src/pipeline/audio/resample.ts';
import { CONTEXT, STATE, WINDOW, loadSileroModel } from '../src/pipeline/audio/silero-model.ts';
import { openNoiseSuppressor } from '../src/pipeline/audio/noise-suppressor.ts';
import { SileroDetection } from '../src/pipeline/audio/silero.ts';
import type { VoiceDetector } from '../src/pipeline/audio/voice-detector.ts';
import { VirtualClock } from '../test/support/clock.ts';
import { frames, join, vowels } from '../test/support/sounds.ts';
import { haveRecordings, labelledSpeech } from './support/labelled-speech.ts';
import type { LabelledSpeech } from './support/labelled-speech.ts';
import { cpuMs, printFigure, printMachine } from './support/measure.ts';
import { openRival } from './support/rival-voice-detector.ts';

const FRAME_MS = 20;
const SECONDS = 5;
/** A process that uses less in 200 ms has nothing left to do. */
const IDLE_CPU_MS = 5;
const WARM_UP = 50;
const RUNS = 500;

/** What the loop that feeds the detectors costs by itself is measured with this one. */
const nothing: VoiceDetector = {
  voiced: false,
  probability: 0,
  quietMs: 0,
  faintMs: 0,
  lastedMs: 0,
  levelDb: 0,
  push() {},
  [Symbol.dispose]() {},
};

const openOneByOne = await openRival();
const openResampler = await loadResampler();

printMachine();
await costOfWindow();
for (const calls of [1, 100, 300]) await costOfCalls(calls);
if (haveRecordings()) for (const noiseDb of [40, 20, 10, 5]) await accuracy(noiseDb);
else console.log('no recordings beside the project: accuracy left out');

/** Inference alone. */
async function costOfWindow(): Promise<void> {
  using model = await loadSileroModel();
  for (const size of [1, 8, 16, 32, 64]) {
    const input = Float32Array.from(
      { length: size * (CONTEXT + WINDOW) },
      (_, i) => 0.2 * Math.sin(i / 5),
    );
    const state = new Float32Array(2 * size * STATE);
    for (let i = 0; i < WARM_UP; i += 1) await model.run(input, state, size);
    const start = process.cpuUsage();
    for (let i = 0; i < RUNS; i += 1) await model.run(input, state, size);
    printFigure(
      `a window at 8 kHz, ${size} together`,
      (cpuMs(start) * 1000) / RUNS / size,
      'µs CPU',
    );
  }
  console.log();
}

/** Everything from frame to answer, with frames that come in real time, each call's on a beat of its own. */
async function costOfCalls(calls: number): Promise<void> {
  const model = await loadSileroModel();
  using detection = new SileroDetection({
    clock: systemClock,
    log: quietLog,
    model,
    openResampler,
  });
  const idle = await cpuOf(calls, () => nothing);
  const ours = await cpuOf(calls, () => detection.open(8000));
  const { batches, windows, dropped } = detection.counts;
  const rival = await cpuOf(calls, openOneByOne);
  assert.ok(windows > 0);
  printFigure(`${calls} calls, batched at 8 kHz, for a call`, ours - idle, 'ms CPU a second');
  printFigure(`${calls} calls, one by one at 16 kHz, for a call`, rival - idle, 'ms CPU a second');
  console.log(`  ${(windows / batches).toFixed(1)} windows a batch, ${dropped} dropped\n`);
}

/** Milliseconds of processor time for a second of one call. */
async function cpuOf(calls: number, open: () => VoiceDetector): Promise<number> {
  const all = Array.from({ length: calls }, open);
  const audio = frames(vowels(8000, 2000), 8000);
  const startedAt = performance.now();
  const start = process.cpuUsage();
  let sent = 0;
  while (performance.now() - startedAt < SECONDS * 1000) {
    const due = ((performance.now() - startedAt) / FRAME_MS) * calls;
    for (; sent < due; sent += 1) all[sent % calls]!.push(audio[sent % audio.length]!);
    await systemClock.sleep(1);
  }
  // What has been put off belongs to it.
  for (let before = 0; cpuMs(start) - before > IDLE_CPU_MS;) {
    before = cpuMs(start);
    await systemClock.sleep(200);
  }
  const used = cpuMs(start);
  for (const each of all) each[Symbol.dispose]();
  return used / ((sent * FRAME_MS) / 1000);
}

/** As a call would see it, frame by frame, the lag of the window included. */
async function accuracy(noiseDb: number): Promise<void> {
  const speech = labelledSpeech(noiseDb);
  const clock = new VirtualClock();
  const model = await loadSileroModel();
  using detection = new SileroDetection({ clock, log: quietLog, model, openResampler });
  using ours = detection.open(8000);
  using rival = openOneByOne();
  using energy = new EnergyDetector(8000);
  const minutes = (speech.samples.length / 8000 / 60).toFixed(1);
  console.log(`${minutes} minutes of speech with pauses, office noise ${noiseDb} dB below`);
  const detectors = { 'batched at 8 kHz': ours, 'one by one at 16 kHz': rival, loudness: energy };
  const answers = await judge(speech.samples, detectors, clock);
  for (const [name, voiced] of Object.entries(answers)) printScore(name, speech, voiced);
  using cleanOurs = detection.open(8000);
  using cleanEnergy = new EnergyDetector(8000);
  const cleaned = await withoutNoise(speech.samples);
  const again = await judge(
    cleaned,
    { 'ours, noise suppressed': cleanOurs, 'loudness, noise suppressed': cleanEnergy },
    clock,
  );
  for (const [name, voiced] of Object.entries(again)) printScore(name, speech, voiced);
  console.log();
}

/** The suppressor answers a frame late: the last is missing, and labels stay in step. */
async function withoutNoise(samples: Int16Array): Promise<Int16Array> {
  using suppressor = openNoiseSuppressor(8000, quietLog);
  const given = frames(samples, 8000);
  while (suppressor.push(given[0]!) === given[0]) await systemClock.sleep(20);
  const start = process.cpuUsage();
  const cleaned = given.map((frame) => suppressor.push(frame)).slice(1);
  const seconds = samples.length / 8000;
  printFigure('noise suppression, for a call', cpuMs(start) / seconds, 'ms CPU a second');
  return join(...cleaned);
}

async function judge(
  samples: Int16Array,
  detectors: Readonly<Record<string, VoiceDetector>>,
  clock: VirtualClock,
): Promise<Record<string, boolean[]>> {
  const answers: Record<string, boolean[]> = {};
  for (const frame of frames(samples, 8000)) {
    for (const detector of Object.values(detectors)) detector.push(frame);
    await clock.advance(FRAME_MS);
    for (const [name, { voiced }] of Object.entries(detectors)) {
      (answers[name] ??= []).push(voiced);
    }
  }
  return answers;
}

function printScore(name: string, speech: LabelledSpeech, voiced: readonly boolean[]): void {
  let [hits, missed, wrong] = [0, 0, 0];
  for (const [i, label] of speech.voiced.entries()) {
    if (label === undefined) continue;
    if (label && voiced[i]) hits += 1;
    else if (label) missed += 1;
    else if (voiced[i]) wrong += 1;
  }
  const precision = hits / (hits + wrong);
  const recall = hits / (hits + missed);
  const f1 = (2 * precision * recall) / (precision + recall);
  console.log(
    `  ${name.padEnd(24)} F1 ${f1.toFixed(3)}  precision ${precision.toFixed(3)}  recall ${recall.toFixed(3)}`,
  );
}
