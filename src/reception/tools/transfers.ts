// Puts callers through to the people their owner has named, and to nobody else; takes them back when nobody answers.

import type { Clock } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { Log } from '../../lib/log.ts';
import type { TransferTarget } from '../../pipeline/types.ts';
import { hasEnded, reopenConversation } from '../../store/conversations/conversations.ts';
import { findLineSettings } from '../../store/clients/line-settings.ts';
import type { LineSettings } from '../../store/clients/line-settings.ts';
import { eachAlone } from '../../store/database/each-alone.ts';
import type { Sql } from '../../store/database/sql.ts';
import { idempotent } from '../../store/database/store-error.ts';
import { listTransferTargets } from '../../store/clients/transfer-targets.ts';
import type { TransferRow } from '../../store/clients/transfer-targets.ts';
import { missCaller } from '../../store/calls/missed-callers.ts';
import {
  abandonTransfer,
  beginTransfer,
  closeTransfer,
  decideTransfer,
  doubtTransfer,
  findTransfer,
  listLostTransfers,
} from '../../store/calls/transfers.ts';
import type { Transfer } from '../../store/calls/transfers.ts';
import { tellFallback } from '../../store/calls/fallback-dials.ts';
import type { FallbackNews, ToldDial } from '../../store/calls/fallback-dials.ts';
import type { AdmittedCall } from '../calls/admit.ts';
import { announcementOf } from './transfer-texts.ts';

const REASON_CHARACTERS_MAX = 300;
/** Until the call as it was before the transfer is stored, at most. */
const STORED_MS = 3000;
const LOOK_MS = 50;

/** Somebody a caller may be put through to. */
export interface Person {
  /** What the model calls them: `p1`, `p2` … */
  readonly key: string;
  /** Null for the client's fallback number. */
  readonly id: string | null;
  readonly name: string;
  /** When to choose them, in the owner's words. */
  readonly description: string;
  /** E.164 */
  readonly phoneNumber: string;
}

export type Beginning =
  | { readonly type: 'target'; readonly target: TransferTarget }
  | { readonly type: 'too-often' };

/** What one call can do about people. */
export interface TransferDesk {
  /** As the call found them. */
  readonly people: readonly Person[];
  peopleNow(): Promise<readonly Person[]>;
  /** Whether callers get to the first of them by pressing 0. */
  readonly byKey: boolean;
  begin(person: Person, reason: string): Promise<Beginning>;
}

export interface TransferParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the line may reach this number. */
  mayDial(
    to: string,
    rules: { ownNumber: string | null; allowedCountries: readonly string[] },
  ): boolean;
}

type TransferCall = Pick<AdmittedCall, 'callId' | 'callSid' | 'client' | 'callerPhone'>;

/** The people of a client who may be dialled; its fallback number where it names none. */
export async function openTransfers(
  parts: TransferParts,
  call: TransferCall,
): Promise<TransferDesk> {
  const { sql, clock, log } = parts;
  const { client, callerPhone, callId, callSid } = call;
  const [settings, targets] = await Promise.all([
    idempotent(() => findLineSettings(sql, client.id)),
    listTransferTargets(sql, client.id),
  ]);
  const among = (listed: readonly TransferRow[]) => {
    const { people, refused } = mayBeDialled(parts, listed, client, settings);
    if (refused > 0) log.warn('people who may not be dialled', { callId, refused });
    return people;
  };
  return {
    people: among(targets),
    peopleNow: async () => among(await listTransferTargets(sql, client.id)),
    byKey: settings.keypadExit,
    async begin(person, reason) {
      const id = newId(clock.now());
      const begun = await beginTransfer(sql, {
        id,
        clientId: client.id,
        conversationId: callId,
        callSid,
        callerPhone: callerPhone ?? null,
        targetId: person.id,
        targetName: person.name,
        phoneNumber: person.phoneNumber,
        mode: settings.transferMode,
        reason: reason.slice(0, REASON_CHARACTERS_MAX),
      });
      if (!begun) {
        log.warn('a caller is put through too often', { callId });
        return { type: 'too-often' };
      }
      const { phoneNumber } = person;
      const target = { phoneNumber, transferId: id, announced: settings.transferMode === 'warm' };
      return { type: 'target', target };
    },
  };
}

function mayBeDialled(
  parts: Pick<TransferParts, 'mayDial'>,
  targets: readonly TransferRow[],
  { name: business, fallbackNumber, phoneNumber: ownNumber }: TransferCall['client'],
  { allowedCountries }: LineSettings,
): { people: readonly Person[]; refused: number } {
  const named = targets.filter(({ isActive }) => isActive);
  const all =
    named.length === 0 && fallbackNumber !== null
      ? [{ id: null, name: business, description: '', phoneNumber: fallbackNumber }]
      : named;
  const people = all
    .filter(({ phoneNumber }) => parts.mayDial(phoneNumber, { allowedCountries, ownNumber }))
    .map(({ id, name, description, phoneNumber }, index) => ({
      key: `p${index + 1}`,
      id,
      name,
      description,
      phoneNumber,
    }));
  return { people, refused: all.length - people.length };
}

/** What the called person is told; undefined when there is nothing to decide any more. */
export async function announce(
  sql: Sql,
  transferId: string,
): Promise<{ announcement: string; choice: string; language: string } | undefined> {
  const transfer = await findTransfer(sql, transferId);
  if (transfer?.state !== 'dialling' || transfer.mode !== 'warm') return undefined;
  const { language } = transfer;
  return { ...announcementOf(transfer, language), language };
}

/** The person takes the call, or does not; whether the caller is to be connected. */
export async function decide(sql: Sql, transferId: string, takes: boolean): Promise<boolean> {
  const decided = await decideTransfer(sql, transferId, takes ? 'accepted' : 'declined');
  return decided && takes;
}

/** The carrier tells of the leg of a person who is not asked: by answering they take the call. */
export async function answered(sql: Sql, transferId: string, legState: string): Promise<void> {
  if (legState !== 'in-progress' && legState !== 'completed') return;
  const transfer = await findTransfer(sql, transferId);
  if (transfer?.mode === 'cold') await decideTransfer(sql, transferId, 'accepted');
}

/** `talked`: the caller is done. `back`: nobody took the call, it goes on with us. `gone`: nor does the caller wait any more. `unknown`: told before, or never begun. */
export type TransferEnd = 'talked' | 'back' | 'gone' | 'unknown';

type EndParts = Pick<TransferParts, 'sql' | 'clock'>;

/** The carrier says that the dialling is over. `gone`: and so is the call. */
export async function endTransfer(
  parts: EndParts,
  over: { transferId: string; callSid: string; dialStatus: string; gone: boolean },
): Promise<TransferEnd> {
  const { sql } = parts;
  const { transferId, callSid, dialStatus, gone } = over;
  const transfer = await findTransfer(sql, transferId);
  if (!transfer) return 'unknown';
  const otherwise = outcomeOf(transfer, dialStatus);
  const state = await closeTransfer(sql, { id: transferId, callSid, otherwise, gone });
  if (state === undefined) return 'unknown';
  if (state === 'accepted') return 'talked';
  if (gone) {
    await miss(parts, callSid);
    return 'gone';
  }
  await stored(parts, callSid);
  await reopenConversation(sql, callSid);
  return 'back';
}

/** What the carrier's word for the state of a called leg says of a fallback number. */
const fallbackNews: Readonly<Record<string, FallbackNews>> = {
  initiated: 'dialling',
  ringing: 'dialling',
  'in-progress': 'answered',
  completed: 'answered',
  busy: 'unanswered',
  'no-answer': 'unanswered',
  failed: 'failed',
  canceled: 'abandoned',
};

/** The carrier tells of the leg to a fallback number. Who reached nobody there is missed. */
export async function fallbackTold(
  parts: EndParts,
  dial: ToldDial,
  legState: string,
): Promise<void> {
  const what = fallbackNews[legState];
  if (what === undefined) return;
  const over = what !== 'dialling' && legState !== 'in-progress';
  const { sql, clock } = parts;
  const nobody = await tellFallback(sql, newId(clock.now()), dial, { what, over });
  if (nobody) await miss(parts, dial.callSid);
}

/** Where nobody else can help, the fallback number was dialled: without a person's name, and without a way back. */
export async function endFallback(
  parts: EndParts,
  { callSid, dialStatus }: { callSid: string; dialStatus: string },
): Promise<void> {
  if (!spoke(dialStatus)) await miss(parts, callSid);
}

/** The call is over. Whoever was waiting for a person to decide, or to answer, is missed. */
export async function callerGone(parts: EndParts, callSid: string): Promise<void> {
  if (await abandonTransfer(parts.sql, callSid)) await miss(parts, callSid);
}

/** Housekeeping: of transfers whose end nobody has told of, warm ones were not taken; of cold ones that is told to be unknown. */
export async function endLostTransfers(
  parts: EndParts & Pick<TransferParts, 'log'>,
): Promise<void> {
  await eachAlone(
    await listLostTransfers(parts.sql),
    ({ callSid, mode }) =>
      mode === 'warm' ? callerGone(parts, callSid) : doubtTransfer(parts.sql, callSid),
    ({ callSid }, error) =>
      parts.log.error('a transfer of which nothing is told could not be ended', { callSid, error }),
  );
}

/** Nobody took the call, and it does not go on. */
export async function miss(parts: EndParts, callSid: string): Promise<void> {
  await stored(parts, callSid);
  await missCaller(parts.sql, callSid);
}

/** A busy person is told of before what was said to us is stored: the end of that part must not end the next one. */
async function stored({ sql, clock }: EndParts, callSid: string): Promise<void> {
  for (let waited = 0; waited < STORED_MS && !(await hasEnded(sql, callSid)); waited += LOOK_MS) {
    await clock.sleep(LOOK_MS);
  }
}

/** Whether somebody answered. */
function spoke(dialStatus: string): boolean {
  return dialStatus === 'completed' || dialStatus === 'answered';
}

/** Without a decision of the person the carrier's word counts; a warm transfer is taken by the key alone. */
function outcomeOf({ mode }: Transfer, dialStatus: string): Exclude<Transfer['state'], 'dialling'> {
  if (spoke(dialStatus)) return mode === 'cold' ? 'accepted' : 'declined';
  return dialStatus === 'failed' || dialStatus === 'canceled' ? 'failed' : 'unanswered';
}
