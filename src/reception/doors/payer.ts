// Who pays for what is asked for outside of calls: the client that is named, or the user's allowance of the day.

import { chargeChatTurn, giveBackChatTurn } from '../../billing/metering/chat-charge.ts';
import { AppError } from '../../lib/errors.ts';
import { addUsage, findAllowance, takeAllowance } from '../../store/accounts/daily-usage.ts';
import { openGrantedSession } from '../../store/accounts/session-grants.ts';
import type { NewVoiceSession } from '../../store/accounts/voice-sessions.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { Settings } from '../settings.ts';

export interface PayerParts {
  readonly sql: Sql;
  readonly settings: Settings;
}

/** Whose allowance: a user's, or what an address has where nobody must sign in. */
export type AllowanceSubject = `user:${string}` | `address:${string}`;

/** Throws `out_of_balance` when the day's allowance does not hold so many seconds; else they are taken. */
export async function takeFromAllowance(
  { sql, settings }: PayerParts,
  subject: AllowanceSubject,
  seconds: number,
): Promise<void> {
  const limitSeconds = await limitOf(settings, subject);
  if (seconds === 0 || (await takeAllowance(sql, { subject, seconds, limitSeconds }))) return;
  throw usedUp(limitSeconds);
}

/** Throws `out_of_balance` when nothing is left of the day's allowance; gives what is. */
export async function allowanceLeft(
  { sql, settings }: PayerParts,
  subject: AllowanceSubject,
): Promise<number> {
  const limitSeconds = await limitOf(settings, subject);
  const left = await findAllowance(sql, { subject, limitSeconds });
  if (left === 0) throw usedUp(limitSeconds);
  return left;
}

/** Opens a session on the allowance of the day, and sets aside what it may take. Throws `out_of_balance` when less is left. */
export async function openSessionOnAllowance(
  { sql, settings }: PayerParts,
  session: NewVoiceSession,
  { subject, seconds }: { subject: AllowanceSubject; seconds: number },
): Promise<void> {
  const limitSeconds = await limitOf(settings, subject);
  if (await openGrantedSession(sql, session, { subject, seconds, limitSeconds })) return;
  throw usedUp(limitSeconds);
}

/** Notes what was used, known only afterwards. */
export function noteUse({ sql }: PayerParts, subject: AllowanceSubject, seconds: number) {
  return addUsage(sql, subject, seconds);
}

export interface TurnPrice {
  readonly seconds: number;
  /** Whose allowance; null: the client pays. */
  readonly by: AllowanceSubject | null;
}

/** What a turn of a chat costs, and whom. */
export async function priceOfTurn(
  { settings }: PayerParts,
  turn: { clientId: string | null; userId: string; spoken: boolean },
): Promise<TurnPrice> {
  const system = await settings.system();
  const seconds = turn.spoken ? system.chat_audio_turn_seconds : system.chat_turn_seconds;
  return { seconds, by: turn.clientId === null ? `user:${turn.userId}` : null };
}

/** Pays for a turn of a chat; the result gives it back. */
export async function payForTurn(
  parts: PayerParts,
  turn: { clientId: string | null; conversationId: string; turnId: string },
  { seconds, by }: TurnPrice,
): Promise<() => Promise<void>> {
  const { sql } = parts;
  const { clientId } = turn;
  if (by !== null || clientId === null) {
    const subject = by!;
    await takeFromAllowance(parts, subject, seconds);
    return () => addUsage(sql, subject, -seconds);
  }
  const charge = { ...turn, clientId, seconds };
  await chargeChatTurn(sql, charge);
  return () => giveBackChatTurn(sql, charge);
}

async function limitOf(settings: Settings, subject: AllowanceSubject): Promise<number> {
  const system = await settings.system();
  return subject.startsWith('user:')
    ? system.daily_allowance_seconds
    : system.anonymous_allowance_seconds;
}

function usedUp(limitSeconds: number): AppError {
  return new AppError('out_of_balance', 'the allowance of the day is used up', {
    publicMessage: `Your daily allowance of ${limitSeconds} seconds is used up. Name a client that has credit, or come back tomorrow.`,
  });
}
