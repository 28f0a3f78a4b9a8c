// Requests that only the carrier may make: refused before any work unless their signature is right.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSignedForm, isSignedUpgrade } from '../../telephony/twilio-signature.ts';
import type { SignatureSettings, SignedForm } from '../../telephony/twilio-signature.ts';

/** A hook for webhooks: 403 unless the form was signed for our public URL. To run after the body is parsed. */
export function signedForm(settings: SignatureSettings) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const form = (request.body ?? {}) as SignedForm;
    if (isSignedForm(settings, signedParts(request), form)) return;
    await reply.code(403).send({ detail: 'The signature is missing or wrong.' });
  };
}

/** A hook for media streams: 401 unless the upgrade was signed for our public URL. To run before the upgrade. */
export function signedUpgrade(settings: SignatureSettings) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (isSignedUpgrade(settings, signedParts(request))) return;
    await reply.code(401).send({ detail: 'The signature is missing or wrong.' });
  };
}

function signedParts(request: FastifyRequest) {
  return {
    signature: request.headers['x-twilio-signature'],
    rawPath: request.raw.url ?? '',
  };
}
