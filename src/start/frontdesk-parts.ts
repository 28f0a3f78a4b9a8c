// What the server is put together from, and what it can be told once it runs. Nothing here runs.

import type { MeterTimers } from '../billing/metering/meter-timers.ts';
import type { CalendarTimers } from '../calendar/google/reconciler.ts';
import type { Config } from '../config.ts';
import type { RateLimits } from '../http/every-request/rate-limit.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { VendorHealth } from '../pipeline/fallback/circuit.ts';
import type { ActiveCalls } from '../reception/calls/active-calls.ts';
import type { Client } from '../store/clients/clients.ts';
import type { StreamTimers } from '../telephony/twilio-stream.ts';

/** Every interval that tests shorten. */
export interface Timers {
  readonly meter: MeterTimers;
  readonly stream: StreamTimers;
  /** The usual ones unless given. */
  readonly calendar?: CalendarTimers;
}

export interface FrontdeskParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly timers: Timers;
  /** A Postgres URL, its schema up to date. */
  readonly connection: string;
  /** What the product works as in the database; undefined: as the login role. */
  readonly databaseRole?: string | undefined;
  /** Whether nobody else uses the database: then what an earlier process left running is settled before we start. */
  readonly soleOwner: boolean;
  /** Requests a minute, where they are not the usual ones. */
  readonly limits?: Partial<RateLimits>;
  /** A client whose stored speech is made before anybody can call. */
  readonly speakFirst?: Client | undefined;
  /** The built dashboard's folder; undefined: none is served. */
  readonly dashboard?: string | undefined;
  /** For settlements that the database could not take. */
  readonly dataDir: string;
}

export interface Frontdesk {
  /** Where it listens: the public listener's own address, not the public URL. */
  readonly address: string;
  readonly port: number;
  /** Where other services ask. */
  readonly internalAddress: string;
  readonly activeCalls: ActiveCalls;
  /** What this process knows of its vendors: those it has used. */
  vendorHealth(): readonly VendorHealth[];
  /** Lets running calls finish, for at most `ms`, and sends new ones elsewhere; then ends. May be called again with less. */
  drain(ms: number): Promise<void>;
}
