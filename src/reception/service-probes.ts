// Do the vendors answer? Each is opened as a call would open it, and let go again; asked seldom, however often we are.

import { Scope } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import { assistantClient } from './doors/assistant.ts';
import type { VendorDoor } from './calls/open-vendors.ts';
import type { Settings } from './settings.ts';

const PROBE_MS = 4000;
/** A probe is believed for so long. */
const FRESH_MS = 10_000;

export type ServiceState = 'online' | 'offline' | 'not_configured';
export type ProbedService = 'stt' | 'llm' | 'tts';

export interface ProbedState {
  readonly state: ServiceState;
  /** Milliseconds to open it; undefined where it did not. */
  readonly openMs: number | undefined;
  /** Since when it has been found online at every probe, monotonic. */
  readonly onlineSinceMs: number | undefined;
}

export interface ServiceProbesParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly door: VendorDoor;
}

export class ServiceProbes {
  readonly #parts: ServiceProbesParts;
  #last:
    | { readonly found: Promise<Record<ProbedService, ProbedState>>; readonly atMs: number }
    | undefined;
  #known: Readonly<Record<ProbedService, ProbedState>> | undefined;

  constructor(parts: ServiceProbesParts) {
    this.#parts = parts;
  }

  /** As of the last probe; undefined before the first. Asks nobody. */
  get known(): Readonly<Record<ProbedService, ProbedState>> | undefined {
    return this.#known;
  }

  /** As of now, give or take 10 s. Rejects when the settings cannot be read, and is then made anew. */
  async probe(): Promise<Readonly<Record<ProbedService, ProbedState>>> {
    const { clock } = this.#parts;
    if (!this.#last || clock.elapsed() - this.#last.atMs > FRESH_MS) {
      const last = { found: this.#probeAll(), atMs: clock.elapsed() };
      last.found.catch(() => (this.#last = undefined));
      this.#last = last;
    }
    const found = await this.#last.found;
    this.#known = found;
    return found;
  }

  async #probeAll(): Promise<Record<ProbedService, ProbedState>> {
    const { door, settings } = this.#parts;
    const { signal } = new AbortController();
    const [system, bot] = await Promise.all([settings.system(), settings.bot()]);
    const client = assistantClient({ system, bot, preferences: undefined });
    const [stt, llm, tts] = await Promise.all([
      this.#one('stt', (scope) => door.openHearing(client, scope), signal),
      this.#one('llm', (scope) => door.openThinking(client, scope), signal),
      this.#one('tts', (scope) => door.openSpeaking(client, scope), signal),
    ]);
    return { stt, llm, tts };
  }

  async #one(
    name: ProbedService,
    open: (signal: AbortSignal) => Promise<Disposable>,
    signal: AbortSignal,
  ): Promise<ProbedState> {
    const { clock } = this.#parts;
    using scope = new Scope(signal);
    using _late = clock.after(PROBE_MS, () =>
      scope.abort(new AppError('vendor_failed', `${name} does not answer`)),
    );
    const startedMs = clock.elapsed();
    try {
      using _opened = await open(scope.signal);
      const now = clock.elapsed();
      const onlineSinceMs = this.#known?.[name].onlineSinceMs ?? now;
      return { state: 'online', openMs: now - startedMs, onlineSinceMs };
    } catch (error) {
      const off = error instanceof AppError && error.code === 'not_configured';
      return {
        state: off ? 'not_configured' : 'offline',
        openMs: undefined,
        onlineSinceMs: undefined,
      };
    }
  }
}
