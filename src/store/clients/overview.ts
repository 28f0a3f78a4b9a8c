// What an owner's home page shows, for all clients at once: today's figures, what comes next, and what callers left word of.

import { alertSeconds, liveSeconds } from '../money/low-balances.ts';
import { isPromised } from '../calendar/booking-list.ts';
import { mine } from './owned-clients.ts';
import type { Reach } from './owned-clients.ts';
import type { Sql } from '../database/sql.ts';
import { idempotent } from '../database/store-error.ts';

/** An owner with more clients sees the newest of them. */
const CLIENTS_MAX = 100;
const APPOINTMENTS_MAX = 8;
const MESSAGES_MAX = 6;
const CALLS_MAX = 8;

export interface ClientOverview {
  readonly clientId: string;
  readonly name: string;
  readonly zone: string;
  readonly phoneNumber: string | null;
  readonly isActive: boolean;
  /** Less what running calls have used so far. */
  readonly balanceSeconds: number;
  readonly debtSeconds: number;
  readonly alertBelowSeconds: number | null;
  readonly low: boolean;
  readonly runningCalls: number;
  readonly unreadMessages: number;
  /** Today: since midnight in the client's zone. */
  readonly calls: number;
  readonly seconds: number;
  /** Made today. */
  readonly bookings: number;
  /** Taking place today. */
  readonly appointments: number;
}

export interface Overview {
  readonly clients: readonly ClientOverview[];
  /** Of today's replies of all clients, in milliseconds; null without any. */
  readonly response: { readonly p50Ms: number | null; readonly p95Ms: number | null };
  /** The next appointments from now on. */
  readonly appointments: readonly {
    readonly id: string;
    readonly clientId: string;
    readonly startsAt: Date;
    readonly endsAt: Date;
    readonly name: string;
    readonly reason: string;
    /** `held`: promised, and certain only once Google has answered. */
    readonly status: 'confirmed' | 'held';
  }[];
  /** Unread ones first, then the newest. */
  readonly messages: readonly {
    readonly id: string;
    readonly clientId: string;
    readonly name: string;
    readonly phone: string;
    readonly text: string;
    readonly urgent: boolean;
    readonly readAt: Date | null;
    readonly createdAt: Date;
  }[];
  /** The latest that have ended. */
  readonly calls: readonly {
    readonly id: string;
    readonly clientId: string;
    readonly callerPhone: string | null;
    readonly contactName: string | null;
    readonly channel: string;
    readonly startedAt: Date;
    readonly durationMs: number;
    readonly outcome: string | null;
  }[];
}

export async function readOverview(sql: Sql, reach: Reach): Promise<Overview> {
  const owned = sql`
    owned AS MATERIALIZED (
      SELECT id, name, zone, phone_number, is_active, balance_seconds, debt_seconds, alert_below_seconds, created_at,
        date_trunc('day', clock_timestamp() AT TIME ZONE zone) AT TIME ZONE zone AS today,
        (date_trunc('day', clock_timestamp() AT TIME ZONE zone) + interval '1 day') AT TIME ZONE zone AS tomorrow
      FROM clients WHERE deleted_at IS NULL ${mine(sql, reach)}
      ORDER BY created_at DESC, id DESC LIMIT ${CLIENTS_MAX}
    )`;
  return idempotent(async () => {
    const [clients, [response], appointments, messages, calls] = await Promise.all([
      sql<ClientOverview[]>`
        WITH ${owned}
        SELECT o.id AS "clientId", o.name, o.zone, o.phone_number AS "phoneNumber", o.is_active AS "isActive",
          o.balance_seconds - live.used AS "balanceSeconds", o.debt_seconds AS "debtSeconds",
          o.alert_below_seconds AS "alertBelowSeconds",
          coalesce((SELECT ${liveSeconds(sql)} < ${alertSeconds(sql)} FROM clients c WHERE c.id = o.id), false) AS low, live.running AS "runningCalls",
          (SELECT count(*) FROM messages m WHERE m.client_id = o.id AND m.read_at IS NULL) AS "unreadMessages",
          called.calls, called.seconds,
          (SELECT count(*) FROM bookings b WHERE b.client_id = o.id AND b.created_at >= o.today
            AND (b.status IN ('confirmed', 'cancelled') OR ${isPromised(sql)})) AS bookings,
          (SELECT count(*) FROM bookings b WHERE b.client_id = o.id AND lower(b.shown) >= o.today
            AND lower(b.shown) < o.tomorrow AND (b.status = 'confirmed' OR ${isPromised(sql)})) AS appointments
        FROM owned o
        CROSS JOIN LATERAL (SELECT coalesce(sum(l.used_seconds), 0)::bigint AS used, count(*) AS running
          FROM call_leases l WHERE l.client_id = o.id AND l.state = 'active') live
        CROSS JOIN LATERAL (SELECT count(*) AS calls, coalesce(sum(c.duration_ms) / 1000, 0)::bigint AS seconds
          FROM conversations c WHERE c.client_id = o.id AND c.created_at >= o.today AND c.channel <> 'chat') called
        ORDER BY o.name, o.id`,
      sql<[Overview['response']]>`
        WITH ${owned}
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t.response_ms) AS "p50Ms",
          percentile_cont(0.95) WITHIN GROUP (ORDER BY t.response_ms) AS "p95Ms"
        FROM owned o JOIN conversations c ON c.client_id = o.id AND c.created_at >= o.today
        JOIN turns t ON t.conversation_id = c.id
        WHERE t.kind = 'reply' AND t.response_ms IS NOT NULL`,
      sql<Overview['appointments'][number][]>`
        WITH ${owned}
        SELECT b.id, b.client_id AS "clientId", lower(b.shown) AS "startsAt", upper(b.shown) AS "endsAt",
          b.name, b.reason, b.status
        FROM owned o CROSS JOIN LATERAL (
          SELECT * FROM bookings b WHERE b.client_id = o.id AND lower(b.shown) >= clock_timestamp()
            AND (b.status = 'confirmed' OR ${isPromised(sql)}) ORDER BY lower(b.shown) LIMIT ${APPOINTMENTS_MAX}) b
        ORDER BY lower(b.shown), b.id LIMIT ${APPOINTMENTS_MAX}`,
      sql<Overview['messages'][number][]>`
        WITH ${owned}
        SELECT m.id, m.client_id AS "clientId", m.name, m.phone, m.text, m.urgent, m.read_at AS "readAt",
          m.created_at AS "createdAt"
        FROM owned o CROSS JOIN LATERAL (
          SELECT * FROM messages m WHERE m.client_id = o.id
          ORDER BY m.read_at IS NOT NULL, m.created_at DESC LIMIT ${MESSAGES_MAX}) m
        ORDER BY m.read_at IS NOT NULL, m.created_at DESC, m.id LIMIT ${MESSAGES_MAX}`,
      sql<Overview['calls'][number][]>`
        WITH ${owned}
        SELECT c.id, c.client_id AS "clientId", c.caller_phone AS "callerPhone", nullif(t.name, '') AS "contactName",
          c.channel, c.started_at AS "startedAt", c.duration_ms AS "durationMs", c.outcome
        FROM owned o CROSS JOIN LATERAL (
          SELECT * FROM conversations c WHERE c.client_id = o.id AND c.ended_at IS NOT NULL
          ORDER BY c.created_at DESC, c.id DESC LIMIT ${CALLS_MAX}) c
        LEFT JOIN contacts t ON t.id = c.contact_id
        ORDER BY c.created_at DESC, c.id DESC LIMIT ${CALLS_MAX}`,
    ]);
    return { clients, response, appointments, messages, calls };
  });
}
