// How often somebody may ask: allowances for each user, or address of those who are nobody, over all processes.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isIPv6 } from 'node:net';
import type { Clock } from '../../lib/clock.ts';
import { Cache } from '../../lib/cache.ts';
import { claimRequests } from '../../store/service/rate-limits.ts';
import { inTime } from '../identity/auth.ts';
import type { EndpointRate } from './endpoint-rates.ts';
import type { Sql } from '../../store/database/sql.ts';

/** Requests a minute. */
export interface RateLimits {
  readonly requests: number;
  /** Attempts to log in, for each account and address. */
  readonly logins: number;
  /** Addresses of e-mail that may be registered or asked for, an hour, from one network. */
  readonly registrations: number;
  /** How many times the documented allowances endpoints of the gateway have. */
  readonly endpointFactor: number;
}

export const rateLimits: RateLimits = {
  requests: 100,
  logins: 5,
  registrations: 10,
  endpointFactor: 1,
};

/** In the sandbox only this machine can ask, and whoever tries things out makes many accounts. */
export const sandboxLimits: Partial<RateLimits> = { registrations: 1000 };

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** What a network may register in a day, and everybody together in an hour, for each allowed to a network in an hour. */
const DAY_REGISTRATIONS_FACTOR = 3;
const ALL_REGISTRATIONS_FACTOR = 100;

/** Users and addresses remembered here; the database remembers all. */
const KEYS_MAX = 20_000;
/** A process takes this share of an allowance at once, so that not every request is written down. */
const CLAIM_SHARE = 20;

export interface RateLimitParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly limits: RateLimits;
}

interface Window {
  /** Requests of this process that are claimed and not yet made. */
  left: number;
  /** Left for all processes when we last claimed. */
  unclaimed: number;
  /** On the monotonic clock. */
  readonly endsMs: number;
}

interface Wanted {
  readonly key: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

export interface Verdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until the allowance is full again. */
  readonly waitMs: number;
}

/** Counts requests by key. */
export class RateLimiter {
  readonly #parts: RateLimitParts;
  readonly #windows = new Cache<string, Window>(KEYS_MAX);
  readonly #claims = new Map<string, Promise<Window>>();

  constructor(parts: RateLimitParts) {
    this.#parts = parts;
  }

  get limits(): RateLimits {
    return this.#parts.limits;
  }

  /** Takes one of the `limit` requests that `key` has in a window (a minute), if there is one left. */
  async take(key: string, limit: number, windowSeconds = MINUTE_SECONDS): Promise<Verdict> {
    const { clock } = this.#parts;
    let window = this.#windows.get(key);
    while (
      !window ||
      window.endsMs <= clock.elapsed() ||
      (window.left < 1 && window.unclaimed > 0)
    ) {
      window = await this.#claim({ key, limit, windowSeconds }, window);
    }
    const allowed = window.left > 0;
    if (allowed) window.left -= 1;
    return {
      allowed,
      limit,
      remaining: window.left + window.unclaimed,
      waitMs: Math.max(0, window.endsMs - clock.elapsed()),
    };
  }

  /** Takes one request to an endpoint with an allowance of its own; the verdict is of the window with less left. */
  async takeEndpoint(
    { name, rate }: { name: string; rate: EndpointRate },
    who: string,
  ): Promise<Verdict> {
    const { endpointFactor } = this.limits;
    const [byMinute, byHour] = [`${name}:minute:${who}`, `${name}:hour:${who}`];
    const minute = await this.take(byMinute, rate.minute * endpointFactor);
    if (!minute.allowed) return minute;
    const hour = await this.take(byHour, rate.hour * endpointFactor, HOUR_SECONDS);
    if (!hour.allowed) this.giveBack(byMinute);
    return hour.allowed && minute.remaining <= hour.remaining ? minute : hour;
  }

  /**
   * Takes one answer to whether an address of e-mail is free; the verdict is the first refusal, if there is one. Counted before
   * the address is looked at: who is refused learns nothing of it.
   */
  async takeRegistration(ip: string): Promise<Verdict> {
    const { registrations } = this.limits;
    const here = `register:${networkOf(ip)}`;
    const hour = await this.take(here, registrations, HOUR_SECONDS);
    if (!hour.allowed) return hour;
    const ofDay = registrations * DAY_REGISTRATIONS_FACTOR;
    const day = await this.take(`${here}:day`, ofDay, DAY_SECONDS);
    if (!day.allowed) return day;
    const all = registrations * ALL_REGISTRATIONS_FACTOR;
    const everybody = await this.take('register', all, HOUR_SECONDS);
    return everybody.allowed ? hour : everybody;
  }

  /** Gives one back that need not count. */
  giveBack(key: string): void {
    const window = this.#windows.get(key);
    if (window) window.left += 1;
  }

  /** All who find nothing left wait for the same claim. */
  async #claim(wanted: Wanted, before: Window | undefined): Promise<Window> {
    const { key } = wanted;
    const running = this.#claims.get(key);
    if (running) return running;
    const claim = this.#claimMore(wanted, before);
    this.#claims.set(key, claim);
    try {
      return await claim;
    } finally {
      this.#claims.delete(key);
    }
  }

  async #claimMore(
    { key, limit, windowSeconds }: Wanted,
    before: Window | undefined,
  ): Promise<Window> {
    const { sql, clock } = this.#parts;
    const wanted = Math.max(1, Math.floor(limit / CLAIM_SHARE));
    const claim = { key, limit, wanted, windowSeconds };
    const { granted, used, remainingMs } = await claimRequests(sql, claim);
    const now = clock.elapsed();
    const kept = before && before.endsMs > now ? before.left : 0;
    const window = {
      left: kept + granted,
      unclaimed: Math.max(0, limit - used),
      endsMs: now + remainingMs,
    };
    this.#windows.set(key, window);
    return window;
  }
}

/** Holds every route of `app` to its allowance. After the visitors are identified. */
export function limitRequests(app: FastifyInstance, limiter: RateLimiter, clock: Clock): void {
  app.addHook('onRequest', async (request, reply) => {
    const { url: name = '', config } = request.routeOptions;
    const who = requestKey(request);
    const asked = config.rate
      ? limiter.takeEndpoint({ name, rate: config.rate }, who)
      : limiter.take(who, limiter.limits.requests);
    const verdict = await inTime(request, clock, asked);
    tellLimit(reply, verdict, clock);
    if (!verdict.allowed) return refuse(reply, verdict);
  });
}

/** Whom a request counts for: the user, or the address; of IPv6 the network that one customer has. */
function requestKey({ visitor, ip }: FastifyRequest): string {
  return visitor ? `user:${visitor.user.id}` : `address:${networkOf(ip)}`;
}

/** X-RateLimit-Reset is a Unix time in seconds. */
export function tellLimit(reply: FastifyReply, verdict: Verdict, clock: Clock): void {
  reply.header('x-ratelimit-limit', verdict.limit);
  reply.header('x-ratelimit-remaining', verdict.remaining);
  reply.header('x-ratelimit-reset', Math.ceil((clock.now() + verdict.waitMs) / 1000));
}

/** 429, and when to come again. */
export function refuse(reply: FastifyReply, { waitMs }: Verdict): FastifyReply {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return reply
    .code(429)
    .header('retry-after', seconds)
    .send({ detail: 'Rate limit exceeded', retry_after: seconds });
}

/** An IPv4 address, also one dressed as IPv6, or the first 64 bits of an IPv6 address. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(ip)) return ip;
  const [head = '', tail = ''] = ip.toLowerCase().replace(/%.*$/, '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const zeros = ip.includes('::') ? Math.max(0, 8 - front.length - back.length) : 0;
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
