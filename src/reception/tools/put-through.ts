// Callers who are put through without a word of the model: by a key of theirs, or by whoever watches the call.

import type { TransferTarget } from '../../pipeline/types.ts';
import type { Beginning, Person, TransferDesk } from './transfers.ts';

/** Who is reached by pressing 0; undefined when nobody is. */
export async function personByKey(
  transfers: TransferDesk | undefined,
): Promise<TransferTarget | undefined> {
  const [person] = transfers?.people ?? [];
  if (!transfers?.byKey || !person) return undefined;
  return targetOf(await transfers.begin(person, ''));
}

/** Why nobody is reached: nobody may be dialled, or this caller was put through too often already. */
export type NotPutThrough = 'nobody' | 'too_often';

/** One of the client's people as they are now, or the first of them; `onNobody` is told why not. */
export async function personByWatcher(
  transfers: TransferDesk | undefined,
  targetId: string | undefined,
  onNobody: (why: NotPutThrough) => void,
): Promise<TransferTarget | undefined> {
  const people = (await transfers?.peopleNow()) ?? [];
  const person: Person | undefined =
    targetId === undefined ? people[0] : people.find(({ id }) => id === targetId);
  if (!transfers || !person) {
    onNobody('nobody');
    return undefined;
  }
  const target = targetOf(await transfers.begin(person, ''));
  if (!target) onNobody('too_often');
  return target;
}

function targetOf(begun: Beginning): TransferTarget | undefined {
  return begun.type === 'target' ? begun.target : undefined;
}
