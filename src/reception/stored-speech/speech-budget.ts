// What a day of speech that nobody hears on a call may cost: greetings and stock sentences made when a client is saved, previews.

import { AppError } from '../../lib/errors.ts';
import { addUsage, takeAllowance } from '../../store/accounts/daily-usage.ts';
import type { Sql } from '../../store/database/sql.ts';

/** Seconds of made speech a day of UTC: some twenty changes of language or voice of a client, and a hundred and more new clients. */
export const clientSpeechSecondsMax = 1800;
export const ownerSpeechSecondsMax = 14_400;
/** What voices say in a second. */
const CHARACTERS_PER_SECOND = 15;
/** A request to a vendor costs something, however short. */
const TEXT_SECONDS_MIN = 3;

export interface SpokenFor {
  readonly clientId: string;
  readonly ownerId: string;
}

/** `unbounded`: voices that cost nobody anything. */
export class SpeechBudget {
  readonly #sql: Sql;
  readonly #unbounded: boolean;

  constructor(sql: Sql, unbounded: boolean) {
    this.#sql = sql;
    this.#unbounded = unbounded;
  }

  /**
   * Takes the texts out of what is left today of the client's and the owner's speech; the result gives them back. Throws
   * `too_many` that says what to do when there is not so much left.
   */
  async take(
    { clientId, ownerId }: SpokenFor,
    texts: readonly string[],
  ): Promise<() => Promise<void>> {
    const sql = this.#sql;
    const seconds = texts
      .map((text) => Math.max(TEXT_SECONDS_MIN, Math.ceil(text.length / CHARACTERS_PER_SECOND)))
      .reduce((sum, each) => sum + each, 0);
    if (seconds === 0 || this.#unbounded) return async () => {};
    const client = { subject: `speech:client:${clientId}`, limitSeconds: clientSpeechSecondsMax };
    const owner = { subject: `speech:owner:${ownerId}`, limitSeconds: ownerSpeechSecondsMax };
    if (!(await takeAllowance(sql, { ...client, seconds }))) throw usedUp('this client');
    if (!(await takeAllowance(sql, { ...owner, seconds }))) {
      await addUsage(sql, client.subject, -seconds);
      throw usedUp('your clients');
    }
    return async () => {
      for (const { subject } of [client, owner]) await addUsage(sql, subject, -seconds);
    };
  }
}

function usedUp(whose: string): AppError {
  return new AppError('too_many', 'no speech is left to be made today', {
    publicMessage:
      `As much speech as can be made in a day has been made for ${whose} today. Leave name, greeting, disclosure, recording notice, ` +
      'language, voice and pronunciations as they are, or change them after midnight UTC.',
  });
}
