// What is measured, for Prometheus: counted as it happens, read when asked. Names and texts of nobody are in it.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LoopDelays } from './loop-delay.ts';

/** Seconds a caller waits: what is good is below one, what is bad beyond five. */
const STAGE_BUCKETS = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];
const CALL_BUCKETS = [5, 15, 30, 60, 120, 300, 600, 1800, 3600];
const WAIT_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

/** What the runtime's histogram of its event loop says. */
const RUNTIME_LAG = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map(
  (name) => `nodejs_eventloop_lag_${name}_seconds`,
);

export interface MeasuredTurn {
  readonly kind: string;
  readonly ending: string;
  /** Seconds by stage; undefined where a stage did not occur. */
  readonly stages: Readonly<Record<string, number | undefined>>;
  /** What it cost us, in millionths of a dollar. */
  readonly costs?: readonly { readonly vendor: string; readonly microdollars: number }[];
}

export interface MeasuredVendor {
  readonly service: string;
  readonly vendor: string;
  readonly successes: number;
  readonly failures: number;
  /** Whether it is asked at all. */
  readonly used: boolean;
}

/** Of this process; one for each, so that tests have their own. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #calls: Counter;
  readonly #callSeconds: Histogram;
  readonly #turns: Counter;
  readonly #stages: Histogram;
  readonly #cost: Counter;
  readonly #beats: Counter;
  readonly #poolWaits: Histogram;

  constructor() {
    const registers = [this.#registry];
    // Memory, processor, garbage collection. The loop is watched by ourselves: not every runtime's own figures are right.
    collectDefaultMetrics({ register: this.#registry });
    for (const name of RUNTIME_LAG) this.#registry.removeSingleMetric(name);
    this.#calls = new Counter({
      name: 'frontdesk_calls_total',
      help: 'Calls that have ended, by why.',
      labelNames: ['end'],
      registers,
    });
    this.#callSeconds = new Histogram({
      name: 'frontdesk_call_seconds',
      help: 'How long calls lasted.',
      buckets: CALL_BUCKETS,
      registers,
    });
    this.#turns = new Counter({
      name: 'frontdesk_turns_total',
      help: 'Turns of calls and chats.',
      labelNames: ['kind', 'ending'],
      registers,
    });
    this.#stages = new Histogram({
      name: 'frontdesk_turn_stage_seconds',
      help: 'What a caller waited for, by stage; response is the whole wait.',
      labelNames: ['stage'],
      buckets: STAGE_BUCKETS,
      registers,
    });
    this.#cost = new Counter({
      name: 'frontdesk_turn_cost_dollars_total',
      help: 'What turns cost us at vendors, by the price list.',
      labelNames: ['kind', 'vendor'],
      registers,
    });
    this.#beats = new Counter({
      name: 'frontdesk_balance_beats_total',
      help: 'Renewals of running calls at the meter.',
      labelNames: ['result'],
      registers,
    });
    this.#poolWaits = new Histogram({
      name: 'frontdesk_pool_wait_seconds',
      help: 'From asking a pool of the database to the answer of an empty statement, sampled.',
      labelNames: ['pool'],
      buckets: WAIT_BUCKETS,
      registers,
    });
  }

  callEnded(end: string, seconds: number): void {
    this.#calls.inc({ end });
    this.#callSeconds.observe(seconds);
  }

  turn({ kind, ending, stages, costs = [] }: MeasuredTurn): void {
    this.#turns.inc({ kind, ending });
    for (const [stage, seconds] of Object.entries(stages)) {
      if (seconds !== undefined) this.#stages.observe({ stage }, seconds);
    }
    for (const { vendor, microdollars } of costs) {
      this.#cost.inc({ kind, vendor }, microdollars / 1_000_000);
    }
  }

  beat(result: 'ok' | 'lost' | 'failed'): void {
    this.#beats.inc({ result });
  }

  poolWait(pool: string, seconds: number): void {
    this.#poolWaits.observe({ pool }, seconds);
  }

  /** A number that is asked for when metrics are read. */
  watch(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name,
      help,
      collect() {
        this.set(read());
      },
      registers: [],
    });
    this.#registry.registerMetric(gauge);
  }

  /** How late timers of the last minute came, in milliseconds. */
  watchLoop(read: () => LoopDelays): void {
    const help = 'How late the event loop came to its timers in the last minute';
    this.watch('frontdesk_event_loop_delay_p99_seconds', `${help}: 99 in a hundred.`, () => {
      return read().p99 / 1000;
    });
    this.watch('frontdesk_event_loop_delay_max_seconds', `${help}: at most.`, () => {
      return read().max / 1000;
    });
  }

  /** What is known of the vendors when metrics are read. */
  watchVendors(read: () => readonly MeasuredVendor[]): void {
    const labelNames = ['service', 'vendor'] as const;
    const registers = [this.#registry];
    const gauge = (name: string, help: string, value: (vendor: MeasuredVendor) => number) =>
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.reset();
          for (const each of read()) {
            const { service, vendor } = each;
            this.inc({ service, vendor }, value(each));
          }
        },
      });
    gauge(
      'frontdesk_vendor_successes',
      'Requests that a vendor answered.',
      (each) => each.successes,
    );
    gauge('frontdesk_vendor_errors', 'Requests that failed at a vendor.', (each) => each.failures);
    gauge('frontdesk_vendor_up', '0 while a vendor is left alone.', (each) => (each.used ? 1 : 0));
  }

  /** In Prometheus' text format. */
  async render(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
