// Starts the stand-ins for the speech and language vendors for Google and for Stripe, each on a free loopback port with its own key.

import type { Hearing } from './speech/hearing.ts';
import type { Speaker } from './speech/speaking.ts';
import type { StandIn } from './stand-in-server.ts';
import type { SandboxSecrets, SandboxState, StandInAddress } from './state-file.ts';
import { startCartesia } from './vendors/voices/cartesia.ts';
import { startDeepgram } from './vendors/deepgram/deepgram.ts';
import { startElevenLabs } from './vendors/voices/elevenlabs.ts';
import { GOOGLE_CLIENT_ID, startGoogle } from './vendors/google/google.ts';
import { startStripe } from './vendors/stripe/stripe.ts';
import { startOpenai } from './vendors/openai/openai.ts';

/** What speaks and hears for all of them; whoever opened it closes it. */
export interface Senses {
  readonly speaker: Speaker;
  readonly hearing: Hearing;
}

type Name = 'deepgram' | 'openai' | 'cartesia' | 'elevenlabs' | 'google' | 'stripe';

/** Addresses in the form of sandbox.json, and one end for all. */
export interface RunningStandIns {
  readonly addresses: Readonly<Record<Name, StandInAddress>> &
    Pick<SandboxState, 'google' | 'stripe'>;
  close(): Promise<void>;
}

export async function startStandIns(
  secrets: SandboxSecrets,
  { speaker, hearing }: Senses,
  {
    calendarFile,
    publicUrl,
  }: {
    /** Where the calendars are kept for the next start. */
    calendarFile?: string;
    /** Of the server that Stripe tells what happens to money; undefined tells nobody. */
    publicUrl?: string;
  } = {},
): Promise<RunningStandIns> {
  const webhookSecret = secrets.stripeWebhook;
  const [deepgram, openai, cartesia, elevenlabs, google, stripe] = await Promise.all([
    startDeepgram({ key: secrets.deepgram, hearing, speaker }),
    startOpenai({ key: secrets.openai, speaker, hearing }),
    startCartesia({ key: secrets.cartesia, speaker }),
    startElevenLabs({ key: secrets.elevenlabs, speaker }),
    startGoogle({ key: secrets.google, file: calendarFile }),
    startStripe({
      key: secrets.stripe,
      webhookSecret,
      webhookUrl: publicUrl && `${publicUrl}/api/stripe/webhook`,
    }),
  ]);
  const addressOf = (name: Name, { url }: StandIn) => ({ url, key: secrets[name] });
  return {
    addresses: {
      deepgram: addressOf('deepgram', deepgram),
      openai: addressOf('openai', openai),
      cartesia: addressOf('cartesia', cartesia),
      elevenlabs: addressOf('elevenlabs', elevenlabs),
      google: { ...addressOf('google', google), clientId: GOOGLE_CLIENT_ID },
      stripe: { ...addressOf('stripe', stripe), webhookSecret },
    },
    close: async () => {
      const all = [deepgram, openai, cartesia, elevenlabs, google, stripe];
      await Promise.all(all.map((each) => each.close()));
    },
  };
}
