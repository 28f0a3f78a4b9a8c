// The TwiML that connects a call to us: for a call that rings, and for one that comes back.

import type { Ring } from '../reception/ring.ts';
import { lostSentence } from '../telephony/carrier-sentences.ts';
import { connectTwiml, mediaStreamUrl } from '../telephony/twiml.ts';

/** `from`: the caller's number, E.164, if there is one. */
export function connectAnswer(
  publicUrl: string,
  { client, token }: Extract<Ring, { type: 'connect' }>,
  from: string | undefined,
): string {
  return connectTwiml({
    streamUrl: mediaStreamUrl(publicUrl, client.id, from),
    token,
    statusCallbackUrl: `${publicUrl}/voice/stream-status`,
    farewell: {
      ...lostSentence(client.language),
      fallbackNumber: client.fallbackNumber ?? undefined,
    },
  });
}
