// Numbers that lead a call back to the client itself, over other clients of ours: refused where they are saved.

import { findsCircle } from '../../store/clients/dial-circles.ts';
import type { OwnedClient } from '../../store/clients/owned-clients.ts';
import { listTransferTargets } from '../../store/clients/transfer-targets.ts';
import type { Sql } from '../../store/database/sql.ts';
import { invalid } from './fields.ts';

const CIRCLE =
  'Calls would go round for ever: from this number they are put through, by the fallback numbers and transfer targets of clients, to this client again.';

type Numbers = Pick<OwnedClient, 'phoneNumber' | 'fallbackNumber'>;

/** Of a client that is saved like this; what was there before is not looked at again. Throws `invalid` naming the field. */
export async function refuseCircle(
  sql: Sql,
  { phoneNumber: ownNumber, fallbackNumber }: Numbers,
  before?: Numbers & { readonly id: string },
): Promise<void> {
  const moved = ownNumber !== (before?.phoneNumber ?? null);
  if (ownNumber === null || (!moved && fallbackNumber === before?.fallbackNumber)) return;
  const people = moved && before ? await listTransferTargets(sql, before.id) : [];
  const active = people.filter(({ isActive }) => isActive).map((each) => each.phoneNumber);
  const targets = fallbackNumber === null ? active : [fallbackNumber, ...active];
  const asked = { clientId: before?.id ?? null, ownNumber, targets };
  if (targets.length === 0 || !(await findsCircle(sql, asked))) return;
  throw invalid(fallbackNumber === null ? 'phone_number' : 'fallback_number', CIRCLE);
}

/** Of somebody whom callers of the client are put through to. */
export async function refuseCircleTo(
  sql: Sql,
  client: { readonly id: string; readonly ownNumber: string | null },
  phoneNumber: string,
): Promise<void> {
  const { id: clientId, ownNumber } = client;
  if (ownNumber === null) return;
  if (!(await findsCircle(sql, { clientId, ownNumber, targets: [phoneNumber] }))) return;
  throw invalid('phone_number', CIRCLE);
}
