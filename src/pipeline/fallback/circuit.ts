// Which vendors work, known to the whole process: one that fails is left alone until it can be reached again.

import { createHash } from 'node:crypto';
import { Scope } from '../../lib/abort.ts';
import { Cache } from '../../lib/cache.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError, toError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';

/** Failures in a row after which nobody asks any more: one may be bad luck. */
const FAILURES_MAX = 2;
/** Rest before the vendor is probed; doubles with each probe in vain. */
const REST_MS = 5000;
const REST_MS_MAX = 60_000;
/** A vendor that is too busy and does not say for how long. */
const BUSY_MS = 2000;
/** One caller tries a vendor that answers again; when nothing is heard of it, another may. */
const TRIAL_MS = 10_000;
/** Vendors, models and keys remembered. */
const CIRCUITS_MAX = 256;
/** Characters of the last failure that are kept. */
const REASON_MAX = 200;

export type ServiceName = 'hearing' | 'thinking' | 'speaking' | 'conversing';
/** Open: left alone. Half-open: reached again, and tried by one call at a time. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** One vendor as monitoring shows it. Counts are since the process started, times wall time in milliseconds. */
export interface VendorHealth {
  readonly service: ServiceName;
  /** As on the shelf; language models with the model's name. */
  readonly vendor: string;
  readonly state: CircuitState;
  readonly successes: number;
  readonly failures: number;
  readonly failuresInARow: number;
  readonly lastSuccessAt: number | undefined;
  readonly lastFailureAt: number | undefined;
  /** In the vendor's words; carries no key. */
  readonly lastFailure: string | undefined;
  /** When it is probed next; undefined while it is not left alone. */
  readonly probeAt: number | undefined;
}

export interface CircuitParts {
  readonly clock: Clock;
  readonly log: Log;
}

/** Reaches the vendor and lets go of it again; rejects when it cannot be reached. */
export type Probe = (signal: AbortSignal) => Promise<void>;

export interface CircuitName {
  readonly service: ServiceName;
  readonly vendor: string;
  /** Only its digest is kept: another key may work where this one is refused. */
  readonly key: string;
}

/** Every vendor that this process has used. */
export class Circuits implements Disposable {
  readonly #parts: CircuitParts;
  readonly #scope = new Scope(new AbortController().signal);
  readonly #circuits = new Cache<string, Circuit>(CIRCUITS_MAX);

  constructor(parts: CircuitParts) {
    this.#parts = parts;
  }

  of({ service, vendor, key }: CircuitName): Circuit {
    const digest = createHash('sha256').update(key).digest('base64');
    const id = `${service} ${vendor} ${digest}`;
    const known = this.#circuits.get(id);
    if (known) return known;
    const circuit = new Circuit(service, vendor, this.#parts, this.#scope.signal);
    this.#circuits.set(id, circuit);
    return circuit;
  }

  /** All that have been used, by service and name. */
  health(): VendorHealth[] {
    const name = ({ service, vendor }: VendorHealth) => `${service} ${vendor}`;
    const found = [...this.#circuits.values()].map((circuit) => circuit.health);
    return found.toSorted((one, other) => name(one).localeCompare(name(other)));
  }

  /** No more probes. */
  [Symbol.dispose](): void {
    this.#scope.abort(new Error('the process ends'));
  }
}

export class Circuit {
  readonly service: ServiceName;
  readonly vendor: string;
  readonly #parts: CircuitParts;
  readonly #signal: AbortSignal;
  #state: CircuitState = 'closed';
  #successes = 0;
  #failures = 0;
  #inARow = 0;
  #lastSuccessAt: number | undefined;
  #lastFailureAt: number | undefined;
  #lastFailure: string | undefined;
  #restMs = REST_MS;
  #probeAt: number | undefined;
  #resting: Disposable | undefined;
  #trial: { readonly caller: object; readonly sinceMs: number } | undefined;

  constructor(service: ServiceName, vendor: string, parts: CircuitParts, signal: AbortSignal) {
    this.service = service;
    this.vendor = vendor;
    this.#parts = parts;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#resting?.[Symbol.dispose](), { once: true });
  }

  get health(): VendorHealth {
    return {
      service: this.service,
      vendor: this.vendor,
      state: this.#state,
      successes: this.#successes,
      failures: this.#failures,
      failuresInARow: this.#inARow,
      lastSuccessAt: this.#lastSuccessAt,
      lastFailureAt: this.#lastFailureAt,
      lastFailure: this.#lastFailure,
      probeAt: this.#probeAt,
    };
  }

  /** Whether `caller` may ask it now. While it is half-open one caller at a time may. */
  allows(caller: object): boolean {
    if (this.#state !== 'half-open') return this.#state === 'closed';
    const now = this.#parts.clock.elapsed();
    const taken = this.#trial && now - this.#trial.sinceMs < TRIAL_MS;
    if (taken) return this.#trial?.caller === caller;
    this.#trial = { caller, sinceMs: now };
    return true;
  }

  succeeded(): void {
    this.#successes += 1;
    this.#lastSuccessAt = this.#parts.clock.now();
    this.#inARow = 0;
    this.#trial = undefined;
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#restMs = REST_MS;
    this.#stopResting();
    this.#parts.log.info('a vendor works again', { vendor: this.vendor, service: this.service });
  }

  /** What went wrong, and how to find out that it is over. A fault of the request is not the vendor's. */
  failed(error: unknown, probe: Probe): void {
    const { clock } = this.#parts;
    this.#failures += 1;
    this.#lastFailureAt = clock.now();
    this.#lastFailure = toError(error).message.slice(0, REASON_MAX);
    this.#trial = undefined;
    const { status, retryAfterMs } = (error instanceof AppError && error.upstream) || {};
    if (status !== undefined && isOfTheRequest(status)) return;
    this.#inARow += 1;
    if (status === 429) return this.#open(Math.min(retryAfterMs ?? BUSY_MS, REST_MS_MAX), probe);
    // A key that is refused is refused until somebody does something about it.
    if (status !== undefined && isOfTheKey(status)) return this.#open(REST_MS_MAX, probe);
    if (this.#state === 'half-open') this.#restMs = Math.min(2 * this.#restMs, REST_MS_MAX);
    else if (this.#inARow < FAILURES_MAX) return;
    this.#open(this.#restMs, probe);
  }

  #open(restMs: number, probe: Probe): void {
    if (this.#signal.aborted || this.#state === 'open') return;
    const { clock, log } = this.#parts;
    this.#state = 'open';
    const { vendor, service } = this;
    log.warn('a vendor is left alone', { vendor, service, restMs, reason: this.#lastFailure });
    this.#rest(clock, restMs, probe);
  }

  #rest(clock: Clock, restMs: number, probe: Probe): void {
    this.#probeAt = clock.now() + restMs;
    this.#resting = clock.after(restMs, () => void this.#probe(probe));
  }

  async #probe(probe: Probe): Promise<void> {
    this.#probeAt = undefined;
    try {
      await probe(this.#signal);
      if (this.#state === 'open') this.#state = 'half-open';
    } catch (error) {
      if (this.#signal.aborted || this.#state !== 'open') return;
      this.#lastFailure = toError(error).message.slice(0, REASON_MAX);
      this.#restMs = Math.min(2 * this.#restMs, REST_MS_MAX);
      this.#rest(this.#parts.clock, this.#restMs, probe);
    }
  }

  #stopResting(): void {
    this.#resting?.[Symbol.dispose]();
    this.#probeAt = undefined;
  }
}

/** A voice or a model that does not exist: others may ask for better ones. */
function isOfTheRequest(status: number): boolean {
  return status >= 400 && status < 500 && !isOfTheKey(status) && ![408, 425, 429].includes(status);
}

function isOfTheKey(status: number): boolean {
  return status === 401 || status === 402 || status === 403;
}
