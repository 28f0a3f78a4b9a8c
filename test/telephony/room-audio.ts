// A process that has a line hear and speak through LiveKit's own sources, tracks and streams, without a room; prints what it
// heard as JSON, and ends by force: the native library never lets it.

import { systemClock, Tick } from '../../src/lib/clock.ts';
import { hearTrack, roomSpeaker } from '../../src/telephony/livekit-audio.ts';
import { openRoomLine } from '../../src/telephony/room-line.ts';

const RATE = 48_000;
const LOUD = 2000;
const rtc = await import('@livekit/rtc-node').catch(() => process.exit(3));

const ours = new rtc.AudioSource(8000, 1, 1000);
const browser = openRoomLine({
  clock: systemClock,
  tick: new Tick(systemClock, 20),
  speaker: roomSpeaker(rtc, ours),
  silenceMs: 10_000,
  present: () => true,
  onSpeech: () => {},
  leave: () => {},
});

const { line } = browser;

// The caller's microphone, at a browser's rate.
const theirs = new rtc.AudioSource(RATE, 1, 1000);
void hearTrack(rtc, rtc.LocalAudioTrack.createAudioTrack('caller', theirs), browser);
const heard = { frames: 0, loud: 0, samples: 0 };
void (async () => {
  for await (const frame of line.incoming) {
    heard.frames += 1;
    heard.samples = frame.length;
    if (frame.some((sample) => Math.abs(sample) > LOUD)) heard.loud += 1;
  }
})();
for (let piece = 0; piece < 100; piece += 1) {
  await theirs.captureFrame(new rtc.AudioFrame(tone(RATE, 10), RATE, 1, RATE / 100));
}

// What the caller would hear of us.
const spoken = { loud: 0, afterClear: 0 };
let cleared = false;
void (async () => {
  const track = rtc.LocalAudioTrack.createAudioTrack('agent', ours);
  const options = { sampleRate: 16_000, numChannels: 1, frameSizeMs: 20 };
  for await (const { data } of new rtc.AudioStream(track, options)) {
    const loud = data.some((sample) => Math.abs(sample) > LOUD);
    if (loud && cleared) spoken.afterClear += 1;
    else if (loud) spoken.loud += 1;
  }
})();
const { signal } = new AbortController();
await line.play(tone(8000, 1000), signal);
await line.drain(signal);
const heardMs = line.heardMs();
void line.play(tone(8000, 5000), signal).catch(() => {});
await systemClock.sleep(500);
line.clear();
// What the package has passed on already still sounds.
await systemClock.sleep(300);
cleared = true;
await systemClock.sleep(700);
const told = `${JSON.stringify({ heard, spoken, heardMs })}\n`;
process.stdout.write(told, () => process.exit(0));

function tone(rate: number, ms: number): Int16Array {
  return Int16Array.from({ length: (rate * ms) / 1000 }, (_, index) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 440 * index) / rate)),
  );
}
