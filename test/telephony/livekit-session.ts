// A caller in a real LiveKit room, in a process of its own: joins with a token, says a recording, counts what it hears.
// Arguments: url, token, milliseconds of voice. Prints JSON, and ends by force: the native library never lets go.

import { systemClock } from '../../src/lib/clock.ts';
import { vowels } from '../support/sounds.ts';

const rtc = await import('@livekit/rtc-node');
const [url = '', token = '', voiceMs = '0'] = process.argv.slice(2);
const RATE = 16_000;
const heard = { loudMs: 0, beforeMs: 0, afterMs: 0 };
let spoke = false;
const room = new rtc.Room();
room.on(rtc.RoomEvent.TrackSubscribed, (track) => {
  if (track.kind !== rtc.TrackKind.KIND_AUDIO) return;
  void (async () => {
    for await (const { data } of new rtc.AudioStream(track, { sampleRate: RATE, numChannels: 1 })) {
      const loud = data.some((sample) => Math.abs(sample) > 1000);
      const ms = loud ? (data.length * 1000) / RATE : 0;
      heard.loudMs += ms;
      if (spoke) heard.afterMs += ms;
      else heard.beforeMs += ms;
    }
  })();
});
await room.connect(url, token, { autoSubscribe: true, dynacast: false });
const source = new rtc.AudioSource(RATE, 1, 1000);
const track = rtc.LocalAudioTrack.createAudioTrack('caller', source);
const options = new rtc.TrackPublishOptions({ source: rtc.TrackSource.SOURCE_MICROPHONE });
await room.localParticipant?.publishTrack(track, options);
const say = async (samples: Int16Array) => {
  for (let at = 0; at < samples.length; at += RATE / 50) {
    const piece = new Int16Array(RATE / 50);
    piece.set(samples.subarray(at, at + piece.length));
    await source.captureFrame(new rtc.AudioFrame(piece, RATE, 1, piece.length));
  }
};
const silence = (ms: number) => new Int16Array((RATE * ms) / 1000);
// Into the greeting: an interruption.
while (heard.loudMs < 400) await say(silence(20));
const interruptedAt = systemClock.elapsed();
await say(vowels(RATE, Number(voiceMs)));
spoke = true;
await say(silence(8000));
const tookMs = systemClock.elapsed() - interruptedAt;
await room.disconnect();
process.stdout.write(`${JSON.stringify({ ...heard, tookMs })}\n`, () => process.exit(0));
