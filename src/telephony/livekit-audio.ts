// Sound through LiveKit's package: a caller's track into a line, and a line's sound into a source.

import type { AudioFrame, AudioSource, Track } from '@livekit/rtc-node';
import type { Samples } from '../pipeline/types.ts';
import type { BrowserLine } from './browser-line.ts';
import type { RoomSpeaker } from './room-line.ts';

/** Hz: that of a line. The room's own rate is the package's affair. */
export const ROOM_SAMPLE_RATE = 8000;
const FRAME_MS = 20;

export type Rtc = typeof import('@livekit/rtc-node');

/** Gives the line what the track sounds, 20 ms at a time. Resolves when the track ends. */
export async function hearTrack(rtc: Rtc, track: Track, browser: BrowserLine): Promise<void> {
  const options = { sampleRate: ROOM_SAMPLE_RATE, numChannels: 1, frameSizeMs: FRAME_MS };
  const frames: AsyncIterable<AudioFrame> = new rtc.AudioStream(track, options);
  for await (const frame of frames) browser.receiveAudio(frame.data);
}

/** What a line of a room speaks into. */
export function roomSpeaker(rtc: Rtc, source: AudioSource): RoomSpeaker {
  const frameOf = (samples: Samples) =>
    new rtc.AudioFrame(samples, ROOM_SAMPLE_RATE, 1, samples.length);
  return {
    capture: (samples) => source.captureFrame(frameOf(samples)),
    queuedMs: () => source.queuedDuration,
    clear: () => source.clearQueue(),
  };
}
