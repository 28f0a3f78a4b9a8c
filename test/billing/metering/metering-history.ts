// Plays histories of the metering against the database, and checks the invariants after each of their steps.

import assert from 'node:assert/strict';
import { billableSeconds, settleStream } from '../../../src/billing/metering/settlement.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { postEntry } from '../../../src/store/money/ledger-entries.ts';
import type { NewEntry } from '../../../src/store/money/ledger-entries.ts';
import { admitLease, beatLease, reapLease, settleLease } from '../../../src/store/money/leases.ts';
import type { Sql } from '../../../src/store/database/sql.ts';
import { clientWithCredit } from './meter-fixture.ts';
import {
  billedOf,
  checkClients,
  checkLeases,
  readSnapshot,
  segmentsOf,
} from './metering-invariants.ts';
import type { ClientRow, Posted, Snapshot } from './metering-invariants.ts';
import type { Step } from './metering-steps.ts';
import { PaymentModel } from '../payments/payment-model.ts';
import type { Change } from '../payments/payment-model.ts';

const CLIENTS = 2;
const CONCURRENCY_MAX = 3;
const HEADROOM = 15;
const START_MIN = 5;
const GRACE_SECONDS = 60;
const terms = { headroomSeconds: HEADROOM, leaseSeconds: 30 };

/** What is true about a stream, whatever the database believes. */
interface Stream {
  readonly clientId: string;
  readonly callSid: string;
  readonly streamSid: string;
  leaseId: string;
  billedBefore: number;
  /** Of the stream, earlier segments included. */
  granted: number;
  connectedMs: number;
  /** Seconds the database has acknowledged. */
  acknowledged: number;
  state: 'live' | 'superseded' | 'crashed' | 'settled';
}

/** Plays a history on clients of its own; throws what breaks an invariant. */
export async function playHistory(sql: Sql, steps: readonly Step[]): Promise<void> {
  const history = new History(sql);
  await history.begin();
  for (const step of steps) await history.play(step);
  await history.finish();
}

class History {
  readonly #sql: Sql;
  readonly #clients: string[] = [];
  readonly #streams: Stream[] = [];
  readonly #payments: PaymentModel;
  /** What was posted, by client: the sum and number of entries that are not calls. */
  readonly #posted = new Map<string, Posted>();
  #before!: Snapshot;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#payments = new PaymentModel(sql);
  }

  async begin(): Promise<void> {
    for (let i = 0; i < CLIENTS; i += 1) {
      // One who can afford several calls at once, and one who soon runs out.
      const seconds = i === 0 ? 150 : 20;
      const options = { concurrencyMax: CONCURRENCY_MAX };
      const clientId = await clientWithCredit(this.#sql, seconds, options);
      this.#clients.push(clientId);
      this.#posted.set(clientId, { seconds, entries: 1 });
    }
    this.#before = await readSnapshot(this.#sql, this.#clients);
  }

  async play(step: Step): Promise<void> {
    await this.#do(step);
    const after = await readSnapshot(this.#sql, this.#clients);
    this.#check(after);
    this.#before = after;
  }

  /** Everything ends; every stream has been billed what the invariants allow, and nothing is reserved. */
  async finish(): Promise<void> {
    for (const stream of this.#streams) {
      if (stream.state === 'live') await this.#settle(stream, 1);
      if (stream.state === 'superseded') await this.#settle(stream, 1);
    }
    for (const change of await this.#payments.finish()) this.#changed(change);
    const after = await readSnapshot(this.#sql, this.#clients);
    this.#check(after);
    for (const client of after.clients.values()) assert.equal(client.reserved, 0, 'I2: left over');
  }

  #check(after: Snapshot): void {
    checkClients(after, this.#posted, CONCURRENCY_MAX);
    checkLeases(after, this.#before);
    for (const stream of this.#streams) {
      const billed = billedOf(segmentsOf(after, stream.streamSid));
      assert.ok(billed <= billableSeconds(stream.connectedMs), 'I4: billed beyond the connection');
    }
  }

  async #do(step: Step): Promise<void> {
    const clientId = this.#clients[step.pick % this.#clients.length]!;
    const stream = this.#choose(step.pick, ['live', 'superseded']);
    switch (step.do) {
      case 'topup':
        return this.#post(clientId, 'topup', step.seconds, step.times);
      case 'clawback':
        return this.#post(clientId, 'refund', -step.seconds, step.times);
      case 'switch':
        await this.#sql`UPDATE clients SET is_active = ${step.active} WHERE id = ${clientId}`;
        return;
      case 'open':
        return this.#open(clientId, step.how, step.pick);
      case 'talk':
        return stream && talk(stream, step.ms, step.outage);
      case 'beat':
        return stream && this.#beat(stream, step.how);
      case 'settle':
        return stream && this.#settle(stream, step.times);
      case 'crash':
        return stream && this.#crash(stream);
      case 'reap':
        return stream && this.#reap(stream);
      case 'late':
        return this.#late(step.pick);
      case 'abort':
        return this.#abort(clientId, step.seconds);
      case 'order':
        return this.#payments.order(clientId, step);
      case 'money':
        return this.#payments.happen(step.pick, step.turn, step.share);
      case 'message': {
        const change = await this.#payments.deliver(step.pick, step.which, step.times);
        return change && this.#changed(change);
      }
    }
  }

  #changed({ clientId, seconds }: Change): void {
    if (seconds === 0) return;
    const posted = this.#posted.get(clientId)!;
    posted.seconds += seconds;
    posted.entries += 1;
  }

  #choose(pick: number, states: readonly Stream['state'][]): Stream | undefined {
    const there = this.#streams.filter((stream) => states.includes(stream.state));
    return there.at(-1 - (pick % (there.length || 1)));
  }

  async #post(
    clientId: string,
    kind: NewEntry['kind'],
    seconds: number,
    times: number,
  ): Promise<void> {
    const entry = { clientId, kind, deltaSeconds: seconds, idemKey: newId(0), meta: {} };
    for (let i = 0; i < times; i += 1) {
      assert.equal(await postEntry(this.#sql, entry), i === 0 ? 'ok' : 'duplicate');
    }
    const posted = this.#posted.get(clientId)!;
    posted.seconds += seconds;
    posted.entries += 1;
  }

  async #open(
    clientId: string,
    how: 'new' | 'same-call' | 'same-stream',
    pick: number,
  ): Promise<void> {
    const other = this.#streams.at(-1 - (pick % (this.#streams.length || 1)));
    const leaseId = newId(systemClock.now());
    if (how === 'same-stream' && other) {
      const answer = await this.#admit({ ...other, leaseId }, START_MIN);
      // Only what was taken for an orphan goes on; here its new owner gives up at once.
      if (answer.status === 'ok') {
        const last = segmentsOf(this.#before, other.streamSid).at(-1);
        assert.equal(last?.reason, 'orphan', 'I9: a stream was let in twice');
        await settleLease(this.#sql, { leaseId, epoch: 1, usedSeconds: 0, reason: 'closed' });
        other.state = 'settled';
      }
      return;
    }
    const call = how === 'same-call' && other ? other : { clientId, callSid: newId(0) };
    const stream: Stream = {
      clientId: call.clientId,
      callSid: call.callSid,
      streamSid: newId(0),
      leaseId,
      billedBefore: 0,
      granted: 0,
      connectedMs: 0,
      acknowledged: 0,
      state: 'live',
    };
    const client = this.#before.clients.get(call.clientId)!;
    const active = [...this.#before.leases.values()].filter(
      (lease) => lease.state === 'active' && lease.clientId === call.clientId,
    );
    const older = active.filter((lease) => lease.callSid === call.callSid);
    const answer = await this.#admit(stream, START_MIN);
    const expected = expectedAdmission(client, active.length, older.length);
    assert.ok(
      expected.includes(answer.status),
      `admitted as ${answer.status}, not ${expected.join()}`,
    );
    // The older stream is paid for even if there is no room for the newer one; an orphan only makes way for a real one.
    for (const each of this.#streams) {
      if (each.callSid !== call.callSid || each.state !== 'live') continue;
      const paid = older.some((lease) => lease.id === each.leaseId) && client.active;
      if (paid || answer.status === 'ok') each.state = 'superseded';
    }
    if (answer.status !== 'ok') return;
    if (older.length === 0) {
      assert.equal(answer.grantedSeconds, Math.min(HEADROOM, client.balance - client.reserved));
    }
    stream.granted = answer.grantedSeconds;
    this.#streams.push(stream);
  }

  #admit(stream: Stream, secondsMin: number) {
    const { clientId, callSid, streamSid, leaseId } = stream;
    const call = { clientId, callSid, streamSid, leaseId };
    return admitLease(this.#sql, { ...call, owner: 'model', secondsMin, ...terms });
  }

  async #beat(stream: Stream, how: 'now' | 'twice' | 'stale'): Promise<void> {
    const now = Math.floor(stream.connectedMs / 1000);
    const reported = how === 'stale' ? Math.max(stream.billedBefore, stream.acknowledged - 3) : now;
    for (let i = 0; i < (how === 'twice' ? 2 : 1); i += 1) {
      const answer = await beatLease(this.#sql, {
        leaseId: stream.leaseId,
        epoch: 1,
        usedSeconds: Math.max(0, reported - stream.billedBefore),
        ...terms,
      });
      if (answer.status === 'ok') {
        assert.equal(stream.state, 'live', 'I9: a fenced beat counted');
        const granted = stream.billedBefore + answer.grantedSeconds;
        assert.ok(granted >= stream.granted, 'I10: a grant went down');
        const wanted = Math.max(reported, stream.acknowledged) + HEADROOM;
        assert.ok(granted >= wanted || answer.freeSeconds === 0, 'a grant was short without need');
        stream.granted = granted;
        stream.acknowledged = Math.max(stream.acknowledged, reported);
      } else {
        await this.#goOn(stream);
      }
    }
  }

  /** What the owner of a lost lease does. */
  async #goOn(stream: Stream): Promise<void> {
    const lost = stream.leaseId;
    stream.leaseId = newId(systemClock.now());
    const answer = await this.#admit(stream, 1);
    if (answer.status !== 'ok') {
      stream.leaseId = lost;
      stream.granted = Math.min(stream.granted, Math.ceil(stream.connectedMs / 1000));
      return;
    }
    assert.equal(stream.state, 'live', 'I9: a superseded stream came back');
    stream.billedBefore = answer.alreadyBilledSeconds;
    // May be less than before: the quota of the lost lease is gone.
    stream.granted = stream.billedBefore + answer.grantedSeconds;
  }

  async #settle(stream: Stream, times: number): Promise<void> {
    const { clientId, callSid, streamSid, leaseId, billedBefore, connectedMs } = stream;
    const total = billableSeconds(connectedMs);
    for (let i = 0; i < times; i += 1) {
      const billed = await settleStream(
        this.#sql,
        {
          leaseId,
          epoch: 1,
          clientId,
          callSid,
          streamSid,
          owner: 'model',
          billedBeforeSeconds: billedBefore,
          connectedMs,
          reason: 'stop',
        },
        { nowMs: systemClock.now(), leaseSeconds: 30 },
      );
      assert.ok(billed <= total, `I4: billed ${billed} s of ${total}`);
      if (billed < total && stream.state === 'live') {
        const after = await readSnapshot(this.#sql, this.#clients);
        const client = after.clients.get(clientId)!;
        assert.ok(client.debt > 0 || client.balance === client.reserved, 'I4: there was credit');
        const last = segmentsOf(after, streamSid).at(-1)!;
        if (last.reason === 'stop') assert.equal(last.overrun, total - billed, 'I11');
      }
    }
    stream.state = 'settled';
  }

  async #crash(stream: Stream): Promise<void> {
    if (stream.state !== 'live') return;
    stream.state = 'crashed';
    await reapLease(this.#sql, stream.leaseId, { which: 'all' });
    const segments = segmentsOf(await readSnapshot(this.#sql, this.#clients), stream.streamSid);
    const credit = segments.at(-1)!.overrun > 0;
    const billed = billedOf(segments);
    assert.ok(credit || billed >= stream.acknowledged, 'I5: what was acknowledged was lost');
  }

  async #reap(stream: Stream): Promise<void> {
    await reapLease(this.#sql, stream.leaseId, { which: 'all' });
  }

  /** Words of an owner that come after the end change nothing. */
  async #late(pick: number): Promise<void> {
    const stream = this.#choose(pick, ['settled', 'crashed', 'superseded']);
    if (!stream) return;
    const before = await readSnapshot(this.#sql, this.#clients);
    const { leaseId } = stream;
    const late = { leaseId, epoch: 1, usedSeconds: 10_000 };
    const beat = await beatLease(this.#sql, { ...late, ...terms });
    assert.equal(beat.status, 'lost', 'I9: a late beat counted');
    const settle = await settleLease(this.#sql, { ...late, reason: 'stop' });
    assert.equal(settle.status, 'already', 'I9: a late settlement counted');
    assert.deepEqual(
      await readSnapshot(this.#sql, this.#clients),
      before,
      'I9: a late word changed something',
    );
  }

  /** A transaction that does everything and is rolled back changes nothing. */
  async #abort(clientId: string, seconds: number): Promise<void> {
    const before = await readSnapshot(this.#sql, this.#clients);
    const leaseId = newId(0);
    const undo = new Error('rolled back');
    await assert.rejects(
      this.#sql.begin(async (tx) => {
        await tx`SELECT meter_post(${clientId}, 'topup', ${seconds}, ${leaseId}, '{}')`;
        await tx`SELECT meter_admit(${leaseId}, ${clientId}, ${leaseId}, ${leaseId}, 'model', 15, 1, '30 s')`;
        await tx`SELECT meter_settle(${leaseId}, 1, ${seconds}, 'stop')`;
        throw undo;
      }),
      undo,
    );
    assert.deepEqual(await readSnapshot(this.#sql, this.#clients), before);
  }
}

/** The caller talks on, as far as an owner lets the call go on; in an outage further than the meter would. */
function talk(stream: Stream, ms: number, outage: boolean): void {
  const graceSeconds = outage ? GRACE_SECONDS : 0;
  const leftMs = (stream.granted + graceSeconds) * 1000 - stream.connectedMs;
  stream.connectedMs += Math.max(0, Math.min(ms, leftMs));
}

function expectedAdmission(client: ClientRow, active: number, older: number): readonly string[] {
  if (!client.active) return ['inactive'];
  if (active - older >= CONCURRENCY_MAX) return ['too_many'];
  // What a superseded stream gives back is not known here.
  if (older > 0) return ['ok', 'no_credit'];
  return client.debt > 0 || client.balance - client.reserved < START_MIN ? ['no_credit'] : ['ok'];
}
