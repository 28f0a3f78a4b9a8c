// A turn of a typed conversation is paid for before it is answered, and given back when there is no answer.

import { AppError } from '../../lib/errors.ts';
import { chatTurnKey, postChatTurn, postEntry } from '../../store/money/ledger-entries.ts';
import type { Sql } from '../../store/database/sql.ts';

export interface ChatTurnCharge {
  readonly clientId: string;
  readonly conversationId: string;
  /** Names the turn: charged once, however often it is asked for. */
  readonly turnId: string;
  readonly seconds: number;
}

/** Throws `out_of_balance` where fewer seconds are free, `conflict` for a client that is switched off. */
export async function chargeChatTurn(sql: Sql, charge: ChatTurnCharge): Promise<void> {
  const { clientId, conversationId, seconds } = charge;
  if (seconds === 0) return;
  const meta = { conversation_id: conversationId };
  const status = await postChatTurn(sql, { clientId, seconds, idemKey: chatTurnKey(charge), meta });
  if (status === 'no_credit') throw new AppError('out_of_balance', 'no credit for a chat');
  if (status === 'inactive') {
    throw new AppError('conflict', 'a chat with a client that is off', {
      publicMessage: 'This client takes no calls now.',
    });
  }
}

/** There was no answer. */
export async function giveBackChatTurn(sql: Sql, charge: ChatTurnCharge): Promise<void> {
  const { clientId, conversationId, seconds } = charge;
  if (seconds === 0) return;
  await postEntry(sql, {
    clientId,
    kind: 'chat',
    deltaSeconds: seconds,
    idemKey: `${chatTurnKey(charge)}:back`,
    meta: { conversation_id: conversationId, reason: 'There was no answer.' },
  });
}
