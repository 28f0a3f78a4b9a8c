// The TwiML that connects a call to us: for a call that rings, and for one that comes back.

import type { Ring } from '../../reception/calls/ring.ts';
import { lostSentence } from '../../telephony/carrier-sentences.ts';
import { connectTwiml, mediaStreamUrl } from '../../telephony/twiml.ts';

/** Where the carrier tells what comes of a fallback number. `clientId`: for a call that may have no conversation. */
export function fallbackStatusUrl(publicUrl: string, clientId?: string): string {
  const query = clientId === undefined ? '' : `?client=${clientId}`;
  return `${publicUrl}/voice/fallback-status${query}`;
}

/** Whose number a fallback shows: that of who withholds it is ours, so that a call which comes back to us is known. */
export function callerIdFor(
  from: string | undefined,
  ours: string | undefined,
): string | undefined {
  return from === undefined ? ours : undefined;
}

/** `from`: the caller's number, E.164, if there is one. */
export function connectAnswer(
  publicUrl: string,
  { client, token, fallbackNumber }: Extract<Ring, { type: 'connect' }>,
  from: string | undefined,
): string {
  return connectTwiml({
    streamUrl: mediaStreamUrl(publicUrl, client.id, from),
    token,
    statusCallbackUrl: `${publicUrl}/voice/stream-status`,
    farewell: {
      ...lostSentence(client.language),
      fallbackNumber,
      fallbackStatusUrl: fallbackStatusUrl(publicUrl, client.id),
      callerId: callerIdFor(from, client.phoneNumber ?? undefined),
    },
  });
}
