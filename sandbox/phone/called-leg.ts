// The person a caller is put through to: answers, hears what the application has to say first, presses keys or does not.

import type { PhoneParts } from './call-options.ts';
import type { PhoneEventKind } from './call-events.ts';
import { runTwiml } from './twiml-runner.ts';
import type { DialRequest, GatherRequest } from './twiml-runner.ts';
import { callFields } from './webhook-fields.ts';
import { fetchDocument, WebhookError } from './webhooks.ts';
import type { WebhookParts } from './webhooks.ts';

export interface CalledOptions {
  readonly sid: string;
  readonly parentSid: string;
  readonly from: string;
  readonly to: string;
  /** Undefined: they press nothing. */
  readonly keys: string | undefined;
  readonly webhooks: WebhookParts;
  readonly note: (kind: PhoneEventKind) => void;
  readonly warn: (code: number, message: string) => void;
}

const SAY_MS_CHARACTER = 60;

export class CalledLeg {
  readonly #parts: PhoneParts;
  readonly #options: CalledOptions;

  constructor(parts: PhoneParts, options: CalledOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** They have answered: whether the carrier connects the caller, which it does not when the application hangs up first. */
  async takes({ announceUrl }: DialRequest, signal: AbortSignal): Promise<boolean> {
    if (announceUrl === undefined) return true;
    const { clock, realTime } = this.#parts;
    const { note, warn } = this.#options;
    const cannot = () => Promise.reject(new Error('not on the leg of a called person'));
    try {
      const document = await this.#fetch(announceUrl, {}, signal);
      const end = await runTwiml(
        { document, url: announceUrl },
        {
          answer: () => {},
          began: ({ name, text }) => {
            if (name === 'Say') note({ type: 'called-hears', text });
          },
          warn,
          spend: (ms, within) => clock.sleep(realTime ? ms : 0, within),
          stream: cannot,
          dial: cannot,
          gather: (request, within) => this.#gather(request, within),
          fetch: (url, _method, fields, within) => this.#fetch(url, fields, within),
        },
        signal,
      );
      return end === 'ran-out';
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      // As the carrier does: without instructions the two are connected.
      warn(error.code, error.message);
      return true;
    }
  }

  async #gather(request: GatherRequest, signal: AbortSignal): Promise<string | undefined> {
    const { clock, realTime } = this.#parts;
    const { keys, note } = this.#options;
    for (const { name, text } of request.sentences) {
      if (name === 'Say') note({ type: 'called-hears', text });
      await clock.sleep(realTime ? text.length * SAY_MS_CHARACTER : 0, signal);
    }
    if (keys === undefined || keys === '') {
      await clock.sleep(realTime ? request.timeoutMs : 0, signal);
      return undefined;
    }
    const pressed = keys.slice(0, request.digits);
    note({ type: 'called-presses', keys: pressed });
    return pressed;
  }

  #fetch(
    url: string,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<string> {
    const { sid, parentSid, from, to, webhooks } = this.#options;
    const { accountSid } = this.#parts;
    const own = callFields({
      callSid: sid,
      accountSid,
      from,
      to,
      status: 'in-progress',
      inbound: false,
    });
    const all = { ...own, Direction: 'outbound-dial', ParentCallSid: parentSid, ...fields };
    return fetchDocument(webhooks, { url, fields: all }, signal);
  }
}
