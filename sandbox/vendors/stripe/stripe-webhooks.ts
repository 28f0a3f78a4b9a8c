// Stripe's messages to the application: signed, sent at once, and sent again until somebody answers with 2xx.

import { createHmac } from 'node:crypto';
import type { Clock } from '../../../src/lib/clock.ts';
import { newStripeId } from './stripe-forms.ts';

/** Kept for the list of events; older ones are forgotten. */
const EVENTS_MAX = 5000;
/** Stripe goes on for three days. */
const ATTEMPTS_MAX = 2000;
const RETRY_MS_DEFAULT = 500;
/** The wait doubles up to this many times the first. */
const RETRY_GROWTH_MAX = 8;
const ANSWER_MS = 10_000;

export interface StripeMessage {
  readonly id: string;
  readonly object: 'event';
  readonly api_version: string;
  readonly created: number;
  readonly type: string;
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: { readonly id: null; readonly idempotency_key: null };
  readonly data: { readonly object: object };
}

export interface MessengerOptions {
  readonly clock: Clock;
  readonly secret: string;
  readonly apiVersion: string;
  readonly url: string | undefined;
  /** Wait before the second attempt; doubles each time, up to eight times as long. */
  readonly retryMs?: number | undefined;
}

export class Messenger {
  /** All that happened, the oldest first. */
  readonly events: StripeMessage[] = [];
  /** Off: messages are kept, and sent only by `deliver`. */
  sending = true;
  /** Where messages go; undefined sends none. */
  url: string | undefined;
  readonly #options: MessengerOptions;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: MessengerOptions) {
    this.#options = options;
    this.url = options.url;
  }

  /** Something happened: remembers it as it is now, and tells the application. */
  tell(type: string, object: object): StripeMessage {
    const message: StripeMessage = {
      id: newStripeId('evt'),
      object: 'event',
      api_version: this.#options.apiVersion,
      created: Math.floor(this.#options.clock.now() / 1000),
      type,
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: { object: structuredClone(object) },
    };
    this.events.push(message);
    if (this.events.length > EVENTS_MAX) this.events.shift();
    if (this.sending && this.url !== undefined) {
      const sent = this.#sendUntilTaken(message).finally(() => this.#underWay.delete(sent));
      this.#underWay.add(sent);
    }
    return message;
  }

  /** One attempt; the status, or 0 without an answer. */
  async deliver(message: StripeMessage): Promise<number> {
    const { url } = this;
    const { secret, clock } = this.#options;
    if (url === undefined) return 0;
    const body = JSON.stringify(message);
    const at = Math.floor(clock.now() / 1000);
    const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
    const late = new AbortController();
    const timer = clock.after(ANSWER_MS, () => late.abort());
    const onClose = () => late.abort();
    this.#closing.signal.addEventListener('abort', onClose, { once: true });
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': `t=${at},v1=${signature}`,
        },
        body,
        redirect: 'manual',
        signal: late.signal,
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    } finally {
      timer[Symbol.dispose]();
      this.#closing.signal.removeEventListener('abort', onClose);
    }
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the stand-in was closed'));
    await Promise.allSettled(this.#underWay);
  }

  async #sendUntilTaken(message: StripeMessage): Promise<void> {
    const { signal } = this.#closing;
    const { retryMs = RETRY_MS_DEFAULT } = this.#options;
    for (let attempt = 0; attempt < ATTEMPTS_MAX && !signal.aborted; attempt += 1) {
      const status = await this.deliver(message);
      if (status >= 200 && status < 300) return;
      const waitMs = retryMs * Math.min(RETRY_GROWTH_MAX, 2 ** attempt);
      await this.#options.clock.sleep(waitMs, signal).catch(() => {});
    }
  }
}
