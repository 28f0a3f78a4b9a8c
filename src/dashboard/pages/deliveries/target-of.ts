// Where a delivery goes, as people read it.

import { formatPhone } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import type { Delivery } from './delivery-state.tsx';

/** A number, or the host of a webhook. */
export function targetOf({ kind, state, recipient, target_host: host }: Delivery): string {
  if (recipient !== null) return formatPhone(recipient);
  if (host !== null) return host;
  return kind === 'webhook' && state === 'waiting' ? texts.deliveries.noTarget : '–';
}
