// The addresses of invitations and feeds: nobody can make one, and each opens one thing only.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { formatId } from '../../lib/ids.ts';
import { deriveSecret } from '../../lib/secrets.ts';

const ID_BYTES = 16;
const PROOF_BYTES = 16;

/** A booking's id and the proof that we gave it out, short enough for a text message: 43 characters. */
export function invitationToken(secret: string, bookingId: string): string {
  const id = Buffer.from(bookingId.replaceAll('-', ''), 'hex');
  return Buffer.concat([id, proofOf(secret, id)]).toString('base64url');
}

/** The booking that an invitation is for; undefined for one that we did not give out. */
export function readInvitation(secret: string, token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== ID_BYTES + PROOF_BYTES) return undefined;
  const id = bytes.subarray(0, ID_BYTES);
  if (!timingSafeEqual(bytes.subarray(ID_BYTES), proofOf(secret, id))) return undefined;
  return formatId(id);
}

export function feedToken(secret: string, clientId: string, generation: number): string {
  return deriveSecret(secret, 'calendar feed', `${clientId}:${generation}`);
}

function proofOf(secret: string, id: Buffer): Buffer {
  return createHmac('sha256', secret)
    .update('invitation\0')
    .update(id)
    .digest()
    .subarray(0, PROOF_BYTES);
}
