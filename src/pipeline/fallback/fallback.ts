// One service by several vendors: the first that works is used, and the first choice again when it recovers.

import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Circuit } from './circuit.ts';

/** A vendor that has failed a call is not asked again in that call for so long, unless there is no other. */
const REST_MS = 10_000;

/** A vendor as one call may use it. */
export interface Member<Service> {
  /** As on the shelf. */
  readonly name: string;
  /** Its model or voice, by the name clients use for it: what is paid for has its price by that. */
  readonly pricedAs: string;
  readonly circuit: Circuit;
  /** Rejects with `vendor_failed` when it cannot be reached. */
  open(signal: AbortSignal): Promise<Service & Disposable>;
}

export interface ChainParts {
  readonly clock: Clock;
  readonly log: Log;
  /** The call's. */
  readonly signal: AbortSignal;
}

/** The vendors of one service in one call, in the order of preference. Disposing it closes what is open. */
export class Chain<Service> implements Disposable {
  readonly members: readonly Member<Service>[];
  readonly #parts: ChainParts;
  readonly #sessions = new Map<Member<Service>, Promise<Service & Disposable>>();
  readonly #restsUntil = new Map<Member<Service>, number>();
  #disposed = false;

  /** `members`: at least one. */
  constructor(members: readonly Member<Service>[], parts: ChainParts) {
    this.members = members;
    this.#parts = parts;
  }

  get first(): Member<Service> {
    return this.members[0]!;
  }

  /**
   * Those to be tried one after the other, each looked at when its turn comes. When they have all failed, one that rests is
   * better than nobody, and so is one that is left alone by all: it may have recovered since, and is probed only now and then.
   * There is always one to try.
   */
  *attempts(): Generator<Member<Service>, undefined> {
    const tried = new Set<Member<Service>>();
    for (const member of this.members) {
      if (!this.#usable(member)) continue;
      tried.add(member);
      yield member;
    }
    const resting = this.members.find(
      (member) => !tried.has(member) && member.circuit.allows(this),
    );
    if (resting) {
      tried.add(resting);
      yield resting;
    }
    if (tried.size === 0) {
      tried.add(this.first);
      yield this.first;
    }
    const leftAlone = this.#leftAlone(tried);
    if (leftAlone) yield leftAlone;
  }

  /** Of those that nobody asks, the one that has had the longest to recover; not one that has failed this very call just now. */
  #leftAlone(tried: ReadonlySet<Member<Service>>): Member<Service> | undefined {
    const failedAt = ({ circuit }: Member<Service>) => circuit.health.lastFailureAt ?? 0;
    return this.members
      .filter((member) => !tried.has(member) && !this.rests(member))
      .toSorted((one, other) => failedAt(one) - failedAt(other))[0];
  }

  /** Whether there is somebody else to go on with. */
  hasOther(than: Member<Service>): boolean {
    return this.members.some(
      (member) => member !== than && !this.rests(member) && member.circuit.health.state !== 'open',
    );
  }

  /** A vendor that was preferred to this one and may be used again. */
  better(than: Member<Service>): Member<Service> | undefined {
    const index = this.members.indexOf(than);
    return this.members.slice(0, Math.max(0, index)).find((member) => this.#usable(member));
  }

  /**
   * The call's session with a vendor, opened when it is first needed. A failure to open is the vendor's. What was begun for an
   * earlier turn says how the vendor was then: who comes while it is being opened has one more try when it fails.
   */
  session(member: Member<Service>): Promise<Service & Disposable> {
    const begun = this.#sessions.get(member);
    if (!begun) return this.#open(member);
    return begun.catch((error: unknown) => {
      if (this.#disposed) throw error;
      return this.#sessions.get(member) ?? this.#open(member);
    });
  }

  #open(member: Member<Service>): Promise<Service & Disposable> {
    const opening = member.open(this.#parts.signal);
    this.#sessions.set(member, opening);
    opening.catch(() => {
      if (this.#sessions.get(member) === opening) this.#sessions.delete(member);
    });
    return opening;
  }

  /** Closes the session; the next one is opened anew. */
  close(member: Member<Service>): void {
    const session = this.#sessions.get(member);
    this.#sessions.delete(member);
    session?.then(
      (open) => open[Symbol.dispose](),
      () => {},
    );
  }

  /** Whether it has failed this call a short while ago. */
  rests(member: Member<Service>): boolean {
    return this.#parts.clock.elapsed() < (this.#restsUntil.get(member) ?? 0);
  }

  worked(member: Member<Service>): void {
    this.#restsUntil.delete(member);
    member.circuit.succeeded();
  }

  /** Says so to the other calls, too, and lets the vendor rest in this one. */
  failed(member: Member<Service>, error: unknown): void {
    const { clock, log, signal } = this.#parts;
    if (signal.aborted) return;
    log.warn('a vendor failed', { vendor: member.name, service: member.circuit.service, error });
    this.#restsUntil.set(member, clock.elapsed() + REST_MS);
    this.close(member);
    member.circuit.failed(error, async (probeSignal) => {
      (await member.open(probeSignal))[Symbol.dispose]();
    });
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const member of this.#sessions.keys()) this.close(member);
  }

  #usable(member: Member<Service>): boolean {
    return !this.rests(member) && member.circuit.allows(this);
  }
}

/** Resolves when one of the vendors is open, the preferred ones tried first; rejects with the last one's failure. */
export async function openFirst<Service>(chain: Chain<Service>): Promise<Member<Service>> {
  let failure: unknown;
  for (const member of chain.attempts()) {
    try {
      await chain.session(member);
      return member;
    } catch (error) {
      failure = error;
      chain.failed(member, error);
    }
  }
  throw failure;
}
