// Is anyone speaking? What a detector is, and the choice of the one this machine can run.

import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Samples } from '../types.ts';
import { energyDetection } from './energy-detector.ts';
import { loadResampler } from './resample.ts';
import { loadSileroModel } from './silero-model.ts';
import { SileroDetection } from './silero.ts';

/** One call's detector. Its answer may lag the last frame by a window (32 ms) and a few milliseconds. */
export interface VoiceDetector extends Disposable {
  /** Takes caller audio in order, any length; never waits. */
  push(frame: Samples): void;
  /** Whether the caller speaks, as of the last window that was judged. */
  readonly voiced: boolean;
  /** 0 to 1, of that window. */
  readonly probability: number;
  /** Milliseconds since the line was last louder than its noise: a detector hears voice for a while after its end. */
  readonly quietMs: number;
  /** Milliseconds that the sound has been far fainter than the loudest of its stretch; no less than `quietMs`. */
  readonly faintMs: number;
  /** How loud the last frame was, decibels of full scale. */
  readonly levelDb: number;
  /** Milliseconds the present stretch of sound has lasted, counted from its first frame; 0 in quiet. */
  readonly lastedMs: number;
}

/** Makes detectors; one for the process. Dispose it after its detectors. */
export interface VoiceDetection extends Disposable {
  /** `sampleRate` of the frames that will come, Hz. */
  open(sampleRate: number): VoiceDetector;
}

export interface VoiceDetectionParts {
  readonly clock: Clock;
  readonly log: Log;
}

/** The neural detector where its packages are installed, else the energy detector. */
export async function openVoiceDetection({
  clock,
  log,
}: VoiceDetectionParts): Promise<VoiceDetection> {
  try {
    const [model, openResampler] = await Promise.all([loadSileroModel(), loadResampler()]);
    return new SileroDetection({ clock, log, model, openResampler });
  } catch (error) {
    log.warn('voice activity by loudness alone', { error });
    return energyDetection;
  }
}
