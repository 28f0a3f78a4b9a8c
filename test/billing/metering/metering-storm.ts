// Many processes at once on few clients: everything repeated, aborted, reaped and paid for at the same moment.

import assert from 'node:assert/strict';
import { audit } from '../../../src/billing/metering/audit.ts';
import { billableSeconds, settleStream } from '../../../src/billing/metering/settlement.ts';
import { reapAll } from '../../../src/billing/metering/reaper.ts';
import { meterTimers } from '../../../src/billing/metering/meter-timers.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { postEntry } from '../../../src/store/money/ledger-entries.ts';
import { admitLease, beatLease, reapLease } from '../../../src/store/money/leases.ts';
import { insertOrder } from '../../../src/store/money/orders.ts';
import { applyDispute, applyPaid, applyRefund } from '../../../src/store/money/payments.ts';
import { openDatabase } from '../../../src/store/database/sql.ts';
import { isLost, storeError } from '../../../src/store/database/store-error.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { addPackage } from '../../support/product/packages.ts';
import { booksOf, clientWithCredit, leasesOf } from './meter-fixture.ts';

const CLIENTS = 4;
/** Each with the four connections of a process. */
const PROCESSES = 3;
const CALLS_PER_PROCESS = 4;
/** Of one statement: only what fails for good takes so many. */
const TRIES_MAX = 20;
const terms = { headroomSeconds: 15, leaseSeconds: 30 };

export interface StormResult {
  readonly operations: number;
  readonly calls: number;
  readonly elapsedMs: number;
}

/** Runs about `operations` operations from `seed`, and checks the books while they run and afterwards. */
export async function runStorm(
  connection: string,
  { operations, seed, onRepeat }: { operations: number; seed: number; onRepeat?: () => void },
): Promise<StormResult> {
  const random = mulberry(seed);
  const int = (below: number) => Math.floor(random() * below);
  const pools = Array.from({ length: PROCESSES }, () =>
    openDatabase({ connection, clock: systemClock, log: quietLog }),
  );
  const sql = pools[0]!.general;
  const clients: string[] = [];
  for (let i = 0; i < CLIENTS; i += 1) {
    clients.push(await clientWithCredit(sql, 300, { concurrencyMax: 8 }));
  }
  const sold = await addPackage(sql, { kind: 'top_up', name: 'x', amount: 997, seconds: 90 });
  const posted = new Map(clients.map((id) => [id, 300]));
  const connected = new Map<string, number>();
  const live = new Set<string>();
  let done = 0;
  let calls = 0;
  const startedAt = systemClock.elapsed();
  try {
    let storming = true;
    const processes = pools.flatMap((pool) =>
      Array.from({ length: CALLS_PER_PROCESS }, () => process(pool.calls)),
    );
    const over = Promise.all(processes).finally(() => (storming = false));
    // Together: when one fails, that is what is told, and not that the others then have no database.
    await Promise.all([over, watch(sql, clients, () => storming)]);
    await reapAll({ sql, clock: systemClock, log: quietLog, timers: meterTimers });
    await checkEnd();
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
  return { operations: done, calls, elapsedMs: systemClock.elapsed() - startedAt };

  async function process(pool: Sql): Promise<void> {
    while (done < operations) {
      const clientId = clients[int(CLIENTS)]!;
      const what = int(10);
      if (what === 0) await post(pool, clientId, 1 + int(120));
      else if (what === 1) await post(pool, clientId, -(1 + int(60)));
      else if (what === 2) await (int(2) === 0 ? abort(pool, clientId) : pay(pool, clientId));
      else if (what === 3) await reapSomething(pool);
      else await call(pool, clientId);
    }
  }

  /** Asked three times at once, as a payment service does. */
  async function post(pool: Sql, clientId: string, deltaSeconds: number): Promise<void> {
    done += 3;
    const kind = deltaSeconds > 0 ? 'topup' : 'refund';
    const entry = { clientId, kind, deltaSeconds, idemKey: newId(0), meta: {} } as const;
    const answers = await Promise.all([1, 2, 3].map(() => insist(() => postEntry(pool, entry))));
    assert.equal(answers.filter((answer) => answer === 'ok').length, 1);
    posted.set(clientId, posted.get(clientId)! + deltaSeconds);
  }

  /** A payment, a refund, a dispute that is won: each told three times, all at once, in any order. */
  async function pay(pool: Sql, clientId: string): Promise<void> {
    const orderId = newId(systemClock.now());
    const order = {
      id: orderId,
      clientId,
      kind: 'top_up',
      package: sold,
      createdBy: clientId,
    } as const;
    await insist(() => insertOrder(pool, order));
    const paymentIntent = `pi_${orderId}`;
    const refund = {
      refundId: `re_${orderId}`,
      paymentIntent,
      amount: 1 + int(sold.amount),
      failed: false,
    };
    const dispute = {
      disputeId: `du_${orderId}`,
      paymentIntent,
      amount: sold.amount,
      withdrawals: 1,
    };
    const { amount, currency } = sold;
    const tell = [
      () => applyPaid(pool, { paymentIntent, orderId, clientId, amount, currency }),
      () => applyRefund(pool, refund),
      () => applyDispute(pool, { ...dispute, reinstatements: 0 }),
      () => applyDispute(pool, { ...dispute, reinstatements: 1 }),
    ];
    const messages = [...tell, ...tell, ...tell];
    for (let i = messages.length - 1; i > 0; i -= 1) {
      const j = int(i + 1);
      [messages[i], messages[j]] = [messages[j]!, messages[i]!];
    }
    await Promise.all(messages.map((each) => insist<unknown>(each)));
    done += messages.length;
    const kept = sold.seconds - Math.floor((refund.amount * sold.seconds) / sold.amount);
    posted.set(clientId, posted.get(clientId)! + kept);
  }

  async function abort(pool: Sql, clientId: string): Promise<void> {
    done += 1;
    const id = newId(systemClock.now());
    const undo = new Error('rolled back');
    const aborted = insist(() =>
      pool.begin(async (tx) => {
        await tx`SELECT meter_admit(${id}, ${clientId}, ${id}, ${id}, 'aborted', 15, 1, '30 s')`;
        await tx`SELECT meter_settle(${id}, 1, 9, 'stop')`;
        throw undo;
      }),
    );
    await assert.rejects(aborted, undo);
  }

  async function reapSomething(pool: Sql): Promise<void> {
    done += 1;
    const [leaseId] = live;
    if (leaseId) await insist(() => reapLease(pool, leaseId, { which: 'all' }));
  }

  async function call(pool: Sql, clientId: string): Promise<void> {
    const streamSid = newId(systemClock.now());
    const callSid = `CA${streamSid}`;
    const who = { clientId, callSid, streamSid, owner: 'storm' };
    let leaseId = newId(systemClock.now());
    const asked = { ...who, leaseId, secondsMin: 5, ...terms };
    const answer = await insist(() => admitLease(pool, asked));
    done += 1;
    if (answer.status !== 'ok') return;
    calls += 1;
    live.add(leaseId);
    let granted = answer.grantedSeconds;
    let billedBefore = 0;
    let connectedMs = 0;
    for (let beats = int(6); beats > 0; beats -= 1) {
      connectedMs = Math.min(granted * 1000, connectedMs + int(6000));
      connected.set(streamSid, connectedMs);
      const usedSeconds = Math.max(0, Math.floor(connectedMs / 1000) - billedBefore);
      const beat = { leaseId, epoch: 1, usedSeconds, ...terms };
      const [reply] = await Promise.all([1, 2].map(() => insist(() => beatLease(pool, beat))));
      done += 2;
      if (reply?.status === 'ok') {
        granted = Math.max(granted, billedBefore + reply.grantedSeconds);
        continue;
      }
      live.delete(leaseId);
      const next = newId(systemClock.now());
      const again = { ...who, leaseId: next, secondsMin: 1, ...terms };
      const resumed = await insist(() => admitLease(pool, again));
      done += 1;
      if (resumed.status !== 'ok') break;
      leaseId = next;
      live.add(leaseId);
      billedBefore = resumed.alreadyBilledSeconds;
      granted = Math.max(granted, billedBefore + resumed.grantedSeconds);
    }
    if (int(8) === 0) return;
    const settlement = {
      ...who,
      leaseId,
      epoch: 1,
      billedBeforeSeconds: billedBefore,
      connectedMs,
      reason: 'stop',
    } as const;
    const settle = () =>
      settleStream(pool, settlement, { nowMs: systemClock.now(), leaseSeconds: 30 }).catch(
        (error: { code?: string }) => {
          // The other two may be about to charge the rest of a reaped call.
          assert.equal(error.code, 'unavailable');
        },
      );
    await Promise.all([settle(), settle(), settle()]);
    done += 3;
    live.delete(leaseId);
  }

  /** Asks again where the database took longer than a pool of calls allows, as a busy machine makes it: all of this may be repeated. */
  async function insist<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (thrown) {
        const error = storeError(thrown);
        if (tries === TRIES_MAX || !isLost(error)) throw error;
        onRepeat?.();
      }
    }
  }

  async function checkEnd(): Promise<void> {
    assert.deepEqual([...(await audit({ sql, log: quietLog }))], []);
    const leases = await leasesOf(sql, clients);
    const billed = new Map<string, number>();
    for (const lease of leases) {
      assert.equal(lease.state, 'settled');
      billed.set(lease.streamSid, (billed.get(lease.streamSid) ?? 0) + lease.billed!);
    }
    for (const [streamSid, seconds] of billed) {
      const most = billableSeconds(connected.get(streamSid) ?? 0);
      assert.ok(seconds <= most, `${streamSid} was billed ${seconds} s of ${most}`);
    }
    for (const clientId of clients) {
      const books = await booksOf(sql, clientId);
      assert.equal(books.reserved, 0);
      assert.equal(books.billed + books.balance, posted.get(clientId)! + books.debt);
      const charged = leases.filter((lease) => lease.clientId === clientId && lease.billed! > 0);
      assert.equal(books.callEntries, charged.length, 'a lease was charged twice');
    }
  }
}

/** Reads the books while the storm goes on: they agree at every moment. */
async function watch(sql: Sql, clients: readonly string[], storming: () => boolean): Promise<void> {
  while (storming()) {
    const wrong = await sql`
      SELECT * FROM meter_audit WHERE id = ANY(${[...clients]}) AND (net <> ledger_sum OR reserved <> lease_sum)
    `;
    assert.deepEqual([...wrong], [], 'the books disagreed in the middle');
    await systemClock.sleep(20);
  }
}

/** A small generator of pseudorandom numbers, so that a storm can be repeated. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
