// Starts the stand-ins for the speech and language vendors, each on a free loopback port with its own key.

import type { Hearing } from './speech/hearing.ts';
import type { Speaker } from './speech/speaking.ts';
import type { StandIn } from './stand-in-server.ts';
import type { SandboxSecrets, StandInAddress } from './state-file.ts';
import { startCartesia } from './vendors/cartesia.ts';
import { startDeepgram } from './vendors/deepgram.ts';
import { startElevenLabs } from './vendors/elevenlabs.ts';
import { startOpenai } from './vendors/openai.ts';

/** What speaks and hears for all of them; whoever opened it closes it. */
export interface Senses {
  readonly speaker: Speaker;
  readonly hearing: Hearing;
}

type Name = 'deepgram' | 'openai' | 'cartesia' | 'elevenlabs';

/** Addresses in the form of sandbox.json, and one end for all. */
export interface RunningStandIns {
  readonly addresses: Readonly<Record<Name, StandInAddress>>;
  close(): Promise<void>;
}

export async function startStandIns(
  secrets: SandboxSecrets,
  { speaker, hearing }: Senses,
): Promise<RunningStandIns> {
  const [deepgram, openai, cartesia, elevenlabs] = await Promise.all([
    startDeepgram({ key: secrets.deepgram, hearing }),
    startOpenai({ key: secrets.openai }),
    startCartesia({ key: secrets.cartesia, speaker }),
    startElevenLabs({ key: secrets.elevenlabs, speaker }),
  ]);
  const addressOf = (name: Name, { url }: StandIn) => ({ url, key: secrets[name] });
  return {
    addresses: {
      deepgram: addressOf('deepgram', deepgram),
      openai: addressOf('openai', openai),
      cartesia: addressOf('cartesia', cartesia),
      elevenlabs: addressOf('elevenlabs', elevenlabs),
    },
    close: async () => {
      await Promise.all([deepgram, openai, cartesia, elevenlabs].map((each) => each.close()));
    },
  };
}
