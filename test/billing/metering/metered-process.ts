// A process with its meter in virtual time, and lines whose frames come every 20 ms of it.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { meterTimers } from '../../../src/billing/metering/meter-timers.ts';
import type { MeterTimers } from '../../../src/billing/metering/meter-timers.ts';
import { openMetering } from '../../../src/billing/metering/meter.ts';
import type { CallMeter, Metering } from '../../../src/billing/metering/meter.ts';
import { newId } from '../../../src/lib/ids.ts';
import { openLog } from '../../../src/lib/log.ts';
import type { Database, Sql } from '../../../src/store/database/sql.ts';
import { VirtualClock } from '../../support/clock.ts';
import { advance, InFlight } from './in-flight.ts';
import { journalFolder } from './meter-fixture.ts';

const FRAME_MS = 20;

interface Outage {
  on: boolean;
  lostAdmissions: number;
}

/** A process with its meter, and callers whose frames come every 20 ms of virtual time. */
export class MeteredProcess {
  readonly clock: VirtualClock;
  readonly pool: InFlight;
  readonly metering: Metering;
  readonly log: string[];
  /**
   * As long as it is on, statements fail as they do when the server is gone. Of `lostAdmissions` the answer is lost: the
   * database has done it, and nobody hears.
   */
  readonly outage: Outage;

  constructor(parts: Pick<MeteredProcess, 'clock' | 'pool' | 'metering' | 'log' | 'outage'>) {
    this.clock = parts.clock;
    this.pool = parts.pool;
    this.metering = parts.metering;
    this.log = parts.log;
    this.outage = parts.outage;
  }

  static async start(
    t: TestContext,
    database: Database,
    { timers = {}, journalDir }: { timers?: Partial<MeterTimers>; journalDir?: string } = {},
  ): Promise<MeteredProcess> {
    const clock = new VirtualClock();
    const outage = { on: false, lostAdmissions: 0 };
    const pool = new InFlight(breakable(database.calls, outage));
    const log: string[] = [];
    const metering = await openMetering({
      sql: pool.sql,
      clock,
      log: openLog({ level: 'info', pii: false, write: (line) => void log.push(line) }),
      timers: { ...meterTimers, beatJitterMs: 0, ...timers },
      owner: 'test',
      journalDir: journalDir ?? (await journalFolder(t)),
    });
    t.after(async () => {
      await metering[Symbol.asyncDispose]();
      assert.equal(clock.pending, 0, 'a timer is left');
    });
    return new MeteredProcess({ clock, pool, metering, log, outage });
  }

  advance(ms: number): Promise<void> {
    return advance(this.clock, this.pool, ms);
  }

  async call(
    clientId: string,
    { callSecondsMax = 3600, streamSid = newId(0) } = {},
  ): Promise<MeteredLine> {
    const call = new MeteredLine(this);
    const admitted = await this.metering.admit(
      { clientId, callSid: `CA${streamSid}`, streamSid, callSecondsMax },
      {
        wrapUp: (reason) => void call.events.push(`${call.connectedSeconds} wrap up: ${reason}`),
        stop: (reason) => {
          call.events.push(`${call.connectedSeconds} stop: ${reason}`);
          call.hangUp();
        },
      },
    );
    assert.equal(admitted.status, 'ok');
    if (admitted.status === 'ok') call.begin(admitted.meter);
    return call;
  }
}

export class MeteredLine {
  readonly events: string[] = [];
  readonly #process: MeteredProcess;
  #meter: CallMeter | undefined;
  #frames: Disposable | undefined;
  #connectedMs = 0;

  constructor(process: MeteredProcess) {
    this.#process = process;
  }

  get connectedSeconds(): number {
    return this.#connectedMs / 1000;
  }

  get meter(): CallMeter {
    return this.#meter!;
  }

  begin(meter: CallMeter): void {
    this.#meter = meter;
    this.#frames = this.#process.clock.every(FRAME_MS, () => {
      this.#connectedMs += FRAME_MS;
      meter.check(this.#connectedMs);
    });
  }

  /** The line is gone: no more frames. */
  hangUp(): void {
    this.#frames?.[Symbol.dispose]();
  }

  async settle(reason: 'stop' | 'credit' = 'stop', connectedMs = this.#connectedMs) {
    this.hangUp();
    return this.meter.settle(connectedMs, reason);
  }
}

/** "28.02 wrap up" as "28 wrap up": frames and ticks are not finer than a tenth. */
export function rounded(event: string): string {
  const [seconds, ...what] = event.split(' ');
  return [Math.round(Number(seconds)), ...what].join(' ');
}

/** The pool of a server that can be gone: statements then fail with what the pool makes of a refused connection. */
function breakable(pool: Sql, outage: Outage): Sql {
  const failed = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
  return new Proxy(pool, {
    apply(target, self, args) {
      if (outage.on) return failed('ECONNREFUSED');
      const query: unknown = Reflect.apply(target as (...args: unknown[]) => unknown, self, args);
      if (outage.lostAdmissions === 0 || !String(args[0]).includes('meter_admit')) return query;
      outage.lostAdmissions -= 1;
      return (query as Promise<unknown>).then(() => failed('ECONNRESET'));
    },
  });
}
