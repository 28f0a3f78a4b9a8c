// Who pays for what is asked for outside of calls: the client that is named, or the user's allowance of the day.

import { chargeChatTurn, giveBackChatTurn } from '../billing/chat-charge.ts';
import { AppError } from '../lib/errors.ts';
import { addUsage, takeAllowance } from '../store/daily-usage.ts';
import type { Sql } from '../store/sql.ts';
import type { Settings } from './settings.ts';

interface PayerParts {
  readonly sql: Sql;
  readonly settings: Settings;
}

/** Whose allowance. */
type AllowanceSubject = `user:${string}`;

/** Throws `out_of_balance` when the day's allowance does not hold so many seconds; else they are taken. */
async function takeFromAllowance(
  { sql, settings }: PayerParts,
  subject: AllowanceSubject,
  seconds: number,
): Promise<void> {
  const { daily_allowance_seconds: limitSeconds } = await settings.system();
  if (seconds === 0 || (await takeAllowance(sql, { subject, seconds, limitSeconds }))) return;
  throw usedUp(limitSeconds);
}

/** Pays for a turn of a chat; the result gives it back. */
export async function payForTurn(
  parts: PayerParts,
  turn: { clientId: string | null; userId: string; conversationId: string; turnId: string },
): Promise<() => Promise<void>> {
  const { sql, settings } = parts;
  const { chat_turn_seconds: seconds } = await settings.system();
  const { clientId } = turn;
  if (clientId === null) {
    const subject = `user:${turn.userId}` as const;
    await takeFromAllowance(parts, subject, seconds);
    return () => addUsage(sql, subject, -seconds);
  }
  const charge = { ...turn, clientId, seconds };
  await chargeChatTurn(sql, charge);
  return () => giveBackChatTurn(sql, charge);
}

function usedUp(limitSeconds: number): AppError {
  return new AppError('out_of_balance', 'the allowance of the day is used up', {
    publicMessage: `Your daily allowance of ${limitSeconds} seconds is used up. Name a client that has credit, or come back tomorrow.`,
  });
}
