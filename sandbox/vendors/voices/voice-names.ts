// Which of the sandbox's four voices speaks for a vendor's voice id: always the same one for the same id.

import type { Voice } from '../../speech/speaking.ts';

/** kal only when asked for by name: it is the fastest and the least pleasant. */
const voices: readonly Voice[] = ['slt', 'rms', 'awb'];

export function voiceFor(voiceId: string): Voice {
  const named = [...voices, 'kal' as const].find((voice) => voiceId.endsWith(voice));
  if (named) return named;
  let sum = 0;
  for (let at = 0; at < voiceId.length; at += 1) sum += voiceId.charCodeAt(at);
  return voices[sum % voices.length]!;
}
