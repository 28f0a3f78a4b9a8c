// Who hears whole recordings, with the key and address of this process.

import type { VendorConfig } from '../config.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { HearRecording } from '../pipeline/whole-recording.ts';

/** Detects languages, and takes every form of file. */
const RECORDING_MODEL = 'nova-3';

export interface RecordingDoorParts {
  readonly config: { readonly deepgram: VendorConfig };
  readonly clock: Clock;
  readonly log: Log;
}

export function recordingDoor(parts: RecordingDoorParts): HearRecording {
  return async (file, options) => {
    const { url, key } = parts.config.deepgram;
    if (key === undefined) throw new AppError('not_configured', 'DEEPGRAM_API_KEY is not set');
    const { transcribeFile } = await import('../pipeline/stt/deepgram-file.ts');
    const settings = { url, key, model: RECORDING_MODEL, voice: '' };
    return transcribeFile(settings, parts, file, options);
  };
}
