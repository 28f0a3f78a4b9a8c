// What the line needs to dial people: who may be dialled at all, and where the carrier asks about a transfer.

import type { TransferTarget } from '../pipeline/types.ts';
import { refuseToDial } from '../telephony/dial-policy.ts';
import type { TransferOptions } from '../telephony/twiml.ts';

/** Deny list and countries: for whoever is dialled or texted. */
export function mayDial(to: string, rules: Parameters<typeof refuseToDial>[1]): boolean {
  return refuseToDial(to, rules) === undefined;
}

/** For `transferTwiml`: where the carrier asks what the called person is to hear, and how it went. */
export function transferOf(publicUrl: string, target: TransferTarget): TransferOptions {
  const { phoneNumber, transferId, announced } = target;
  const actionUrl = `${publicUrl}/voice/after-transfer`;
  if (transferId === undefined) return { phoneNumber, actionUrl };
  const query = `?transfer=${transferId}`;
  return {
    phoneNumber,
    actionUrl: actionUrl + query,
    announceUrl: announced ? `${publicUrl}/voice/transfer/announce${query}` : undefined,
  };
}
