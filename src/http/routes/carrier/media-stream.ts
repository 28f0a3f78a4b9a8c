// The carrier's media stream: signed upgrade, single-use token, and from there a line that reception answers.

import type { FastifyPluginAsync } from 'fastify';
import type { Log } from '../../../lib/log.ts';
import { isId } from '../../../lib/ids.ts';
import type { AdmittedCall, Admittance, KnockingStream } from '../../../reception/calls/admit.ts';
import type { MediaStream } from '../../../telephony/twilio-line.ts';
import { acceptMediaStream } from '../../../telephony/twilio-stream.ts';
import type { StreamParts } from '../../../telephony/twilio-stream.ts';
import type { SignatureSettings } from '../../../telephony/twilio-signature.ts';
import { signedUpgrade } from '../../carrier/carrier-signature.ts';

export interface MediaStreamParts {
  readonly log: Log;
  readonly signature: SignatureSettings;
  readonly stream: Omit<StreamParts, 'admit'>;
  /** Throws when it cannot be decided. */
  admit(stream: KnockingStream): Promise<Admittance>;
  /** Takes the call over, until it is stored and charged. Never rejects. */
  answer(call: AdmittedCall, line: MediaStream): Promise<void>;
}

/** `WS /ws/{client_id}/{caller_phone}`. The phone number in the path is never trusted: the token knows it. */
export function mediaStreamRoutes(parts: MediaStreamParts): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: { clientId: string } }>(
      '/ws/:clientId/:callerPhone',
      { websocket: true, onRequest: signedUpgrade(parts.signature) },
      (socket, request) => {
        // Nothing may be awaited before this: the first messages are on their way.
        void serve(socket, request.params.clientId);
      },
    );
  };

  async function serve(socket: Parameters<typeof acceptMediaStream>[0], clientId: string) {
    let call: AdmittedCall | undefined;
    const line = await acceptMediaStream(socket, {
      ...parts.stream,
      async admit({ callSid, streamSid, customParameters }) {
        const token = customParameters.get('token');
        if (!isId(clientId) || token === undefined) {
          return { admitted: false, reason: 'no token' };
        }
        const verdict = await parts.admit({ clientId, callSid, streamSid, token });
        if (verdict.admitted) call = verdict.call;
        return verdict;
      },
    });
    if (line && call) await parts.answer(call, line);
  }
}
