// What others have a running call do: who watches it has words said, or the caller put through; a caller gets to a person by a key.

import type { CallParts } from './call-parts.ts';
import type { TransferTarget, Turn } from './types.ts';

/** The key that leads to a person when it is pressed alone. */
const PERSON_KEY = '0';
/** Texts that wait to be said; what comes then is not said. */
const TEXTS_MAX = 5;
/** A caller who was heard within this time may be speaking still. */
const QUIET_MS = 700;
/** Where it is never quiet, we speak after this long. */
const NEVER_QUIET_MS = 6000;

export type SteppingInParts = Pick<
  CallParts,
  'callId' | 'log' | 'clock' | 'voiceDetector' | 'personByKey' | 'putThrough'
>;

/** Somebody was looked for. */
export interface PersonFound {
  readonly type: 'person';
  /** Undefined: nobody can be reached. */
  readonly target: TransferTarget | undefined;
  /** What the caller pressed for it; undefined where it was not the caller who asked. */
  readonly keys: string | undefined;
}

export type SteppingInEvent =
  | PersonFound
  /** There is something to be said, and the caller may have ended. */
  | { readonly type: 'quiet' };

/** One call's. Texts are said one after the other, when nobody speaks. */
export class SteppingIn implements Disposable {
  readonly #parts: SteppingInParts;
  readonly #tell: (event: SteppingInEvent) => void;
  readonly #texts: string[] = [];
  #saying: string | undefined;
  /** When the caller was first waited for, for what is to be said next. */
  #sinceMs: number | undefined;
  #later: Disposable | undefined;

  constructor(parts: SteppingInParts, tell: (event: SteppingInEvent) => void) {
    this.#parts = parts;
    this.#tell = tell;
  }

  [Symbol.dispose](): void {
    this.#later?.[Symbol.dispose]();
  }

  /** To be said word for word. */
  say(text: string): void {
    if (this.#texts.length < TEXTS_MAX) this.#texts.push(text);
    else this.#parts.log.warn('too much to be said', { callId: this.#parts.callId });
  }

  /** What is to be said now, unless the caller speaks: then `quiet` follows. `caller`: what is known of them. */
  next(caller: 'done' | 'unfinished' | 'unknown'): string | undefined {
    if (this.#texts.length === 0) return undefined;
    const { clock, voiceDetector } = this.#parts;
    this.#sinceMs ??= clock.elapsed();
    const leftMs = Math.min(
      caller === 'unfinished' ? NEVER_QUIET_MS : QUIET_MS - voiceDetector.quietMs,
      this.#sinceMs + NEVER_QUIET_MS - clock.elapsed(),
    );
    this.#later?.[Symbol.dispose]();
    this.#later = undefined;
    if (caller !== 'done' && leftMs > 0) {
      this.#later = clock.after(leftMs, () => this.#tell({ type: 'quiet' }));
      return undefined;
    }
    this.#sinceMs = undefined;
    this.#saying = this.#texts.shift();
    return this.#saying;
  }

  /**
   * A turn is over: a text that the caller spoke into before a word of it was heard is said again. Gives the text if the turn
   * was to say one.
   */
  settled({ kind, ending, heard }: Turn): string | undefined {
    const text = kind === 'notice' ? this.#saying : undefined;
    if (text === undefined) return undefined;
    this.#saying = undefined;
    if (ending === 'interrupted' && heard === '') this.#texts.unshift(text);
    return text;
  }

  /** Whether these keys lead to a person; then one is looked for. */
  takesKeys(keys: string): boolean {
    const { personByKey } = this.#parts;
    if (keys !== PERSON_KEY || !personByKey) return false;
    this.#find(personByKey(), keys);
    return true;
  }

  /** One of the client's people, or the first. */
  putThrough(targetId: string | undefined): void {
    const found = this.#parts.putThrough?.(targetId) ?? Promise.resolve(undefined);
    this.#find(found, undefined);
  }

  #find(found: Promise<TransferTarget | undefined>, keys: string | undefined): void {
    const orNobody = found.catch((error: unknown) => {
      this.#parts.log.error('nobody can be reached', { callId: this.#parts.callId, error });
      return undefined;
    });
    void orNobody.then((target) => this.#tell({ type: 'person', target, keys }));
  }
}
