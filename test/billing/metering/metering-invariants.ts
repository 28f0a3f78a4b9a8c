// What must hold for clients and leases after every step, numbered as where they were first set out.

import assert from 'node:assert/strict';
import type { Sql } from '../../../src/store/database/sql.ts';
import { leasesOf } from './meter-fixture.ts';
import type { LeaseRow } from './meter-fixture.ts';

export interface ClientRow {
  readonly id: string;
  readonly active: boolean;
  readonly balance: number;
  readonly reserved: number;
  readonly debt: number;
  readonly ledger: number;
  readonly posted: number;
  readonly entries: number;
}

export interface Snapshot {
  readonly clients: ReadonlyMap<string, ClientRow>;
  readonly leases: ReadonlyMap<string, LeaseRow>;
}

/** The sum and the number of a client's entries that are not calls. */
export interface Posted {
  seconds: number;
  entries: number;
}

/** What the database says about some clients. */
export async function readSnapshot(sql: Sql, clientIds: readonly string[]): Promise<Snapshot> {
  const clients = await sql<ClientRow[]>`
    SELECT c.id, c.is_active AS active, c.balance_seconds AS balance, c.reserved_seconds AS reserved,
      c.debt_seconds AS debt, COALESCE(sum(l.delta_seconds), 0)::bigint AS ledger,
      COALESCE(sum(l.delta_seconds) FILTER (WHERE l.kind <> 'call'), 0)::bigint AS posted,
      count(l.id) FILTER (WHERE l.kind <> 'call') AS entries
    FROM clients c LEFT JOIN ledger l ON l.client_id = c.id WHERE c.id = ANY(${[...clientIds]}) GROUP BY c.id
  `;
  const leases = await leasesOf(sql, clientIds);
  return {
    clients: new Map(clients.map((client) => [client.id, client])),
    leases: new Map(leases.map((lease) => [lease.id, lease])),
  };
}

/** I1, I2, I3, I6, I7, I9. `posted`: what the history posted for each client. */
export function checkClients(
  { clients, leases }: Snapshot,
  posted: ReadonlyMap<string, Posted>,
  callsMax: number,
): void {
  for (const client of clients.values()) {
    const { balance, reserved, debt, ledger } = client;
    const mine = [...leases.values()].filter((lease) => lease.clientId === client.id);
    const active = mine.filter((lease) => lease.state === 'active');
    const { seconds, entries } = posted.get(client.id)!;
    assert.equal(ledger, balance - debt, 'I1: the books disagree');
    assert.equal(reserved, total(active.map((lease) => lease.granted)), 'I2: reserved');
    assert.ok(reserved >= 0 && reserved <= balance, 'I2: reserved beyond the balance');
    assert.ok(balance >= 0 && debt >= 0, 'I3: below zero');
    assert.ok(debt === 0 || balance === reserved, 'I3: something is free while owing');
    assert.equal(billedOf(mine) + balance, seconds + debt, 'I6: seconds were made or lost');
    assert.deepEqual([client.posted, client.entries], [seconds, entries], 'I7');
    // A running call that lost its lease goes on even where new ones have taken its place.
    const letIn = active.filter((lease) => lease.segment === 1);
    assert.ok(letIn.length <= callsMax, 'too many calls at once');
    const calls = new Set(active.map((lease) => lease.callSid));
    assert.equal(calls.size, active.length, 'I9: two leases of one call');
  }
}

/** I6, I10. */
export function checkLeases({ leases }: Snapshot, earlier: Snapshot): void {
  for (const [id, lease] of leases) {
    const before = earlier.leases.get(id);
    assert.ok((lease.billed ?? 0) <= lease.granted, 'I6: billed beyond the grant');
    if (!before) continue;
    if (before.state === 'settled') assert.deepEqual(lease, before, 'I10: a settled lease changed');
    assert.ok(lease.used >= before.used, 'I10: used went down');
    assert.ok(lease.granted >= before.granted, 'I10: a grant went down');
  }
}

/** The leases of a stream, in order. */
export function segmentsOf({ leases }: Snapshot, streamSid: string): LeaseRow[] {
  return [...leases.values()].filter((lease) => lease.streamSid === streamSid);
}

export function billedOf(leases: readonly LeaseRow[]): number {
  return total(leases.map((lease) => lease.billed ?? 0));
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
