// Starts the stand-ins for the speech and language vendors, each on a free loopback port with its own key.

import type { Hearing } from './speech/hearing.ts';
import type { Speaker } from './speech/speaking.ts';
import type { SandboxSecrets, StandInAddress } from './state-file.ts';

/** What a stand-in is given. */
export interface StandInOptions {
  /** The only key it accepts. */
  readonly key: string;
  /** Speaks for those who speak; whoever opened it closes it. */
  readonly speaker: Speaker;
  /** Hears for those who hear; whoever opened it closes it. */
  readonly hearing: Hearing;
}

/** A stand-in that listens. */
export interface StandIn {
  /** As the vendor's `…_BASE_URL` setting wants it. */
  readonly url: string;
  close(): Promise<void>;
}

/** Each vendor's file and the function in it that starts its stand-in. */
const vendors = {
  deepgram: ['./vendors/deepgram.ts', 'startDeepgram'],
  openai: ['./vendors/openai.ts', 'startOpenai'],
  cartesia: ['./vendors/cartesia.ts', 'startCartesia'],
  elevenlabs: ['./vendors/elevenlabs.ts', 'startElevenlabs'],
} as const;

type Name = keyof typeof vendors;

/** Addresses in the form of sandbox.json, and one end for all. */
export interface RunningStandIns {
  readonly addresses: Readonly<Record<Name, StandInAddress>>;
  close(): Promise<void>;
}

export async function startStandIns(
  secrets: SandboxSecrets,
  senses: Pick<StandInOptions, 'speaker' | 'hearing'>,
): Promise<RunningStandIns> {
  const names = Object.keys(vendors) as Name[];
  const started = await Promise.all(
    names.map(async (name) => {
      const [file, start] = vendors[name];
      const module = (await import(new URL(file, import.meta.url).href)) as Record<
        string,
        (options: StandInOptions) => Promise<StandIn>
      >;
      return { name, standIn: await module[start]!({ key: secrets[name], ...senses }) };
    }),
  );
  const addresses = started.map(({ name, standIn }) => [
    name,
    { url: standIn.url, key: secrets[name] },
  ]);
  return {
    addresses: Object.fromEntries(addresses) as RunningStandIns['addresses'],
    close: async () => {
      await Promise.all(started.map(({ standIn }) => standIn.close()));
    },
  };
}
