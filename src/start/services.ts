// What this deployment says about itself: which services it has keys for, and its version.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import type { HealthParts } from '../http/routes/service/health.ts';

/** What a deployment without keys lacks shows here, not in the first call. */
export function services(config: Config): ReturnType<HealthParts['services']> {
  const { cartesia, elevenlabs, deepgram, openai, openaiSecond } = config;
  const state = (...keys: (string | undefined)[]) =>
    keys.some((key) => key !== undefined) ? 'online' : 'not_configured';
  return {
    stt: state(config.deepgram.key, config.openai.key),
    llm: state(openai.key, openaiSecond?.key),
    tts: state(...[cartesia, elevenlabs, deepgram, openai].map(({ key }) => key)),
  };
}

export function version(): string {
  const file = fileURLToPath(new URL('../../package.json', import.meta.url));
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
