// A call rings: may it come in, and what does the carrier get to know? Decided within seconds, whatever is broken.

import { Cache } from '../../lib/cache.ts';
import { within } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { alarmClosed, alarmOwner } from '../../store/calls/caller-limits.ts';
import type { ClientObstacle } from '../../store/calls/caller-limits.ts';
import { findCalledClient } from '../../store/clients/clients.ts';
import type { CalledClient, Client } from '../../store/clients/clients.ts';
import { beginFallback, hasComeRound } from '../../store/calls/fallback-dials.ts';
import { hasEnded } from '../../store/conversations/conversations.ts';
import { idempotent } from '../../store/database/store-error.ts';
import { grantStream, saveStreamToken } from '../../store/calls/stream-tokens.ts';
import type { CallerObstacle, StreamGrant } from '../../store/calls/stream-tokens.ts';
import type { Sql } from '../../store/database/sql.ts';

/** The carrier gives up after 15 s; a caller who hears nothing, sooner. */
const DECIDE_MS = 4000;
/** Then the caller who was refused is dialled on, or not, without it. */
const FALL_BACK_MS = 2000;
/** Without the database a caller of a client is dialled on so often within this: one who tries again is, a circle ends. */
const BLIND_DIALS_MAX = 5;
const BLIND_DIALS_MS = 60_000;
/** Numbers of which this is remembered for the time when the database does not answer. */
const REMEMBERED_MAX = 10_000;

export interface RingingCall {
  readonly callSid: string;
  /** E.164, or undefined when withheld or strange. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export type RefusalReason =
  | 'unknown-number'
  | 'inactive'
  | 'no-credit'
  | 'too-many-calls'
  | 'unavailable'
  /** The call has been here and is over: a replay. */
  | 'over'
  | CallerObstacle;

export type Ring =
  | {
      readonly type: 'connect';
      readonly client: Client;
      readonly token: string;
      /** Dialled where our stream dies; undefined without one, or where it leads back here. */
      readonly fallbackNumber: string | undefined;
    }
  | {
      readonly type: 'refuse';
      readonly reason: RefusalReason;
      /** Of the client called; undefined when there is none or it is not known. */
      readonly fallbackNumber: string | undefined;
      /** BCP 47; likewise. */
      readonly language: string | undefined;
      /** The database did not answer. */
      readonly blind?: true;
    };

export interface RingParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** With less free credit a call is not let in. */
  readonly startSecondsMin: number;
  /** Whether this process takes no more calls: it drains, or is full. */
  full(): boolean;
  /** The call will come: open what it needs. */
  prepare(callSid: string, client: Client): void;
}

export class Doorbell {
  readonly #parts: RingParts;
  readonly #remembered = new Cache<string, Pick<Client, 'id' | 'fallbackNumber' | 'language'>>(
    REMEMBERED_MAX,
  );

  /** By client and caller, what was dialled without the database since then. */
  readonly #blindDials = new Cache<string, { readonly since: number; count: number }>(
    REMEMBERED_MAX,
  );

  constructor(parts: RingParts) {
    this.#parts = parts;
  }

  /** Never rejects, and answers within some 4 s. */
  async ring(call: RingingCall): Promise<Ring> {
    return await this.#within(call, this.#decide(call));
  }

  /**
   * The carrier asks for the instructions of a call that another process has given up: it goes on here, whatever other
   * calls run. Never rejects.
   */
  async goOn(call: RingingCall): Promise<Ring> {
    return await this.#within(call, this.#decide(call, { goesOn: true }));
  }

  async #within({ callSid, to }: RingingCall, decided: Promise<Ring>): Promise<Ring> {
    const { clock, log } = this.#parts;
    const late = () => new AppError('unavailable', 'the database is too slow for a ringing call');
    try {
      return await within(clock, DECIDE_MS, decided, late);
    } catch (error) {
      log.error('ringing call cannot be served', { callSid, error });
      return { ...this.#refuse('unavailable', to), blind: true };
    }
  }

  async #decide({ callSid, from, to }: RingingCall, { goesOn = false } = {}): Promise<Ring> {
    const { sql, startSecondsMin } = this.#parts;
    if (to === undefined || callSid === '') return this.#refuse('unknown-number', to);
    const callerPhone = from ?? null;
    const [client, over, round] = await Promise.all([
      idempotent(() => findCalledClient(sql, to)),
      idempotent(() => hasEnded(sql, callSid)),
      idempotent(() => hasComeRound(sql, { to, callSid, callerPhone })),
    ]);
    if (!client) return this.#refuse('unknown-number', to);
    const { fallbackNumber, language } = client;
    this.#remembered.set(to, { id: client.id, fallbackNumber, language });
    if (over) return this.#refuse('over', to);
    const obstacles = () => (goesOn ? undefined : obstacle(client, startSecondsMin));
    const reason = this.#parts.full() ? 'unavailable' : obstacles();
    const grant = { clientId: client.id, callSid, callerPhone };
    if (reason === 'no-credit' || reason === 'too-many-calls') this.#alarm(grant, reason);
    if (reason) return this.#refuse(reason, to);
    const granted = goesOn
      ? { token: await saveStreamToken(sql, grant) }
      : await grantStream(sql, grant);
    if ('obstacle' in granted) {
      this.#alarm(grant, granted.obstacle);
      return this.#refuse(granted.obstacle, to);
    }
    this.#parts.prepare(callSid, client);
    const fallback = round ? undefined : (fallbackNumber ?? undefined);
    return { type: 'connect', client, token: granted.token, fallbackNumber: fallback };
  }

  /**
   * Whom the carrier dials now for a caller who was refused: the number, or nobody where it leads back here. Written down, so
   * that whoever rings next can tell. Never rejects.
   */
  async fallBack(
    { callSid, from, to }: RingingCall,
    refused: Extract<Ring, { type: 'refuse' }>,
  ): Promise<{ readonly phoneNumber: string; readonly clientId: string } | undefined> {
    const { sql, clock, log } = this.#parts;
    const { fallbackNumber: phoneNumber, blind } = refused;
    const clientId = to === undefined ? undefined : this.#remembered.get(to)?.id;
    if (phoneNumber === undefined || clientId === undefined) return undefined;
    const dial = { clientId, callSid, callerPhone: from ?? null, phoneNumber };
    const late = () => new AppError('unavailable', 'the database is too slow for a refused call');
    const mayBlindly = () => this.#mayDialBlindly(`${clientId} ${from ?? callSid}`);
    let goes: boolean;
    try {
      const begun = () => beginFallback(sql, newId(clock.now()), dial);
      // It has been waited for once.
      goes = blind ? mayBlindly() : await within(clock, FALL_BACK_MS, begun(), late);
    } catch (error) {
      goes = mayBlindly();
      log.warn('a fallback could not be noted', { callSid, goes, error });
    }
    if (goes) return { phoneNumber, clientId };
    log.warn('a fallback number leads back to us', { callSid, clientId });
    return undefined;
  }

  /** Better twice than never, but not again and again. */
  #mayDialBlindly(here: string): boolean {
    const now = this.#parts.clock.elapsed();
    const known = this.#blindDials.get(here);
    const dials = known && now - known.since < BLIND_DIALS_MS ? known : { since: now, count: 0 };
    if (dials.count >= BLIND_DIALS_MAX) return false;
    dials.count += 1;
    this.#blindDials.set(here, dials);
    return true;
  }

  /** Nobody who rings waits for it. */
  #alarm(grant: StreamGrant, obstacle: CallerObstacle | ClientObstacle): void {
    const { sql, clock, log } = this.#parts;
    const alarm =
      obstacle === 'no-credit' || obstacle === 'too-many-calls'
        ? alarmClosed(sql, grant, obstacle, clock.now())
        : alarmOwner(sql, grant, obstacle, clock.now());
    alarm.catch((error: unknown) => {
      log.warn('owner not told of a caller', { error });
    });
  }

  #refuse(reason: RefusalReason, to: string | undefined): Extract<Ring, { type: 'refuse' }> {
    const known = to === undefined ? undefined : this.#remembered.get(to);
    const fallbackNumber = known?.fallbackNumber ?? undefined;
    return { type: 'refuse', reason, fallbackNumber, language: known?.language };
  }
}

/** What keeps a call out; the lease decides again, under a lock. */
function obstacle(client: CalledClient, startSecondsMin: number): RefusalReason | undefined {
  if (!client.isActive || client.auditFailedAt !== null) return 'inactive';
  if (client.freeSeconds < startSecondsMin) return 'no-credit';
  if (client.runningCalls >= client.concurrencyMax) return 'too-many-calls';
  return undefined;
}
