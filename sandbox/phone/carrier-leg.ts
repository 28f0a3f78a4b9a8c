// The carrier's side of one call: webhooks asked, TwiML followed, streams opened, callbacks sent.

import { Scope } from '../../src/lib/abort.ts';
import type { CallOptions, DialPlan, PhoneParts } from './call-options.ts';
import type { CallStatus, PhoneEventKind } from './call-events.ts';
import { CalledLeg } from './called-leg.ts';
import type { CallerVoice } from './caller-voice.ts';
import type { Earpiece } from './earpiece.ts';
import { LineEcho } from './line-echo.ts';
import { MediaLine } from './media-line.ts';
import type { StreamEnd } from './media-line.ts';
import { newSid } from './sids.ts';
import { dialFields, runTwiml } from './twiml-runner.ts';
import type {
  DialOutcome,
  DialRequest,
  GatherRequest,
  StreamRequest,
  TwimlEnd,
  VerbActs,
} from './twiml-runner.ts';
import { callFields } from './webhook-fields.ts';
import { fetchDocument, notify, WebhookError } from './webhooks.ts';
import type { WebhookParts } from './webhooks.ts';

/** Verbs remembered of one call. */
const VERBS_MAX = 1000;

/** What the carrier's side asks of the call it belongs to. */
export interface LegHost {
  readonly sid: string;
  readonly zeroMs: number;
  readonly voice: CallerVoice;
  readonly earpiece: Earpiece;
  status(): CallStatus;
  answer(): void;
  note(kind: PhoneEventKind): void;
  warn(code: number, message: string): void;
}

/** TwiML that takes the place of what runs. */
export type Update = { readonly document: string } | { readonly url: string };

export class CarrierLeg {
  readonly lines: MediaLine[] = [];
  readonly verbs: string[] = [];
  readonly said: string[] = [];
  readonly #parts: PhoneParts;
  readonly #options: CallOptions;
  readonly #host: LegHost;
  readonly #webhooks: WebhookParts;
  readonly #callbacks = new Set<Promise<unknown>>();
  #script: Scope | undefined;
  #update: Update | undefined;

  constructor(parts: PhoneParts, options: CallOptions, host: LegHost) {
    this.#parts = parts;
    this.#options = options;
    this.#host = host;
    this.#webhooks = {
      clock: parts.clock,
      authToken: parts.authToken,
      answered: (answer) => host.note({ type: 'webhook', ...answer }),
    };
  }

  /**
   * Asks the webhook and follows what it says, updates included. Resolves with the end of the TwiML, or undefined when
   * `signal` ended it; rejects when the application gave nothing to follow.
   */
  async run(signal: AbortSignal): Promise<TwimlEnd | undefined> {
    const { voiceUrl, twiml } = this.#options;
    let update: Update | undefined = twiml === undefined ? { url: voiceUrl } : { document: twiml };
    while (update) {
      using script = new Scope(signal);
      this.#script = script;
      try {
        return await this.#follow(update, script.signal);
      } catch (error) {
        if (!script.signal.aborted) throw error;
      }
      update = this.#update;
      this.#update = undefined;
    }
    return undefined;
  }

  /** Ends what runs, streams included, and goes on with `update`. */
  change(update: Update): void {
    this.#update = update;
    this.#script?.abort(new Error('the call was given new TwiML'));
  }

  /** A signed post whose answer means nothing. */
  callback(url: string, fields: Readonly<Record<string, string>>): void {
    const { signature } = this.#options;
    const request = { url, fields, ...(signature === undefined ? {} : { signature }) };
    // A signal of its own: the callbacks of the end are sent after the end.
    const sent = notify(this.#webhooks, request, new AbortController().signal);
    this.#callbacks.add(sent);
    void sent.finally(() => this.#callbacks.delete(sent));
  }

  /** Resolves when all callbacks have been answered or given up. */
  async settled(): Promise<void> {
    while (this.#callbacks.size > 0) await Promise.all(this.#callbacks);
  }

  /** The form fields of every request about this call. */
  fields(): Readonly<Record<string, string>> {
    const { from, to, direction, fields } = this.#options;
    const { accountSid } = this.#parts;
    const { sid } = this.#host;
    const inbound = direction !== 'outbound-api';
    const status = this.#host.status();
    return { ...callFields({ callSid: sid, accountSid, from, to, status, inbound }), ...fields };
  }

  async #follow(update: Update, signal: AbortSignal): Promise<TwimlEnd> {
    const { voiceUrl } = this.#options;
    const source =
      'document' in update
        ? { document: update.document, url: voiceUrl }
        : { document: await this.#fetchOrFallBack(update.url, signal), url: update.url };
    return runTwiml(source, this.#acts(), signal);
  }

  async #fetchOrFallBack(url: string, signal: AbortSignal): Promise<string> {
    try {
      return await this.#fetch(url, undefined, {}, signal);
    } catch (error) {
      const { fallbackUrl } = this.#options;
      if (!(error instanceof WebhookError)) throw error;
      this.#host.warn(error.code, error.message);
      if (fallbackUrl === undefined) throw error;
      const fields = { ErrorCode: String(error.code), ErrorUrl: url };
      return this.#fetch(fallbackUrl, undefined, fields, signal);
    }
  }

  #fetch(
    url: string,
    method: string | undefined,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<string> {
    const { signature } = this.#options;
    const request = {
      url,
      fields: { ...this.fields(), ...fields },
      ...(method === undefined ? {} : { method }),
      ...(signature === undefined ? {} : { signature }),
    };
    return fetchDocument(this.#webhooks, request, signal);
  }

  #acts(): VerbActs {
    const { clock, realTime } = this.#parts;
    return {
      answer: () => this.#host.answer(),
      began: ({ name, attributes, text }) => {
        if (this.verbs.length < VERBS_MAX) this.verbs.push(name);
        if (name === 'Say' && this.said.length < VERBS_MAX) this.said.push(text);
        this.#host.note({ type: 'verb', name, attributes, text });
      },
      warn: (code, message) => this.#host.warn(code, message),
      spend: (ms, signal) => clock.sleep(realTime ? ms : 0, signal),
      stream: (request, signal) => this.#stream(request, signal),
      dial: (request, signal) => this.#dial(request, signal),
      gather: (request, signal) => this.#gather(request, signal),
      fetch: (url, method, fields, signal) => this.#fetch(url, method, fields, signal),
    };
  }

  async #stream(request: StreamRequest, signal: AbortSignal): Promise<StreamEnd> {
    const { accountSid, authToken, clock, tick } = this.#parts;
    if (new URL(request.url).search !== '') {
      this.#host.warn(31_920, 'the URL of a stream must not have a query');
    }
    const streamSid = newSid('MZ');
    const { line: faults, echo } = this.#options;
    const { earpiece } = this.#host;
    const line = new MediaLine({
      url: request.url,
      parameters: request.parameters,
      accountSid,
      authToken,
      callSid: this.#host.sid,
      streamSid,
      clock,
      tick,
      voice: this.#host.voice,
      earpiece,
      ...(echo ? { echo: new LineEcho(earpiece, echo) } : {}),
      zeroMs: this.#host.zeroMs,
      ...(faults ? { faults } : {}),
      events: {
        started: () => {
          this.#host.note({ type: 'stream-started', streamSid, url: request.url });
          this.#streamCallback(request, streamSid, { StreamEvent: 'stream-started' });
        },
        cleared: (droppedMs) => this.#host.note({ type: 'clear', droppedMs }),
        mark: ({ name, played }) => this.#host.note({ type: 'mark', name, played }),
        warning: (code, message) => this.#host.warn(code, message),
      },
    });
    this.lines.push(line);
    const stop = () => line.stop();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const end = await line.ended;
    signal.removeEventListener('abort', stop);
    const reason = 'reason' in end ? end.reason : 'code' in end ? `code ${end.code}` : '';
    const { connectedMs } = line;
    this.#host.note({ type: 'stream-ended', streamSid, by: end.by, connectedMs, reason });
    const broken = end.by === 'refused' || end.by === 'cut';
    if (end.by === 'refused') this.#host.warn(end.code, end.reason);
    this.#streamCallback(request, streamSid, {
      StreamEvent: broken ? 'stream-error' : 'stream-stopped',
      ...(broken ? { StreamError: reason === '' ? 'the connection was lost' : reason } : {}),
    });
    signal.throwIfAborted();
    return end;
  }

  #streamCallback(
    { statusCallback, name }: StreamRequest,
    streamSid: string,
    fields: Readonly<Record<string, string>>,
  ): void {
    if (statusCallback === undefined) return;
    this.callback(statusCallback, {
      AccountSid: this.#parts.accountSid,
      CallSid: this.#host.sid,
      StreamSid: streamSid,
      StreamName: name === '' ? streamSid : name,
      Timestamp: new Date(this.#parts.clock.now()).toISOString(),
      ...fields,
    });
  }

  /** No caller of ours presses keys outside a stream. */
  async #gather({ sentences, timeoutMs }: GatherRequest, signal: AbortSignal): Promise<undefined> {
    const { clock, realTime } = this.#parts;
    for (const { text } of sentences) this.said.push(text);
    await clock.sleep(realTime ? timeoutMs : 0, signal);
    return undefined;
  }

  /** A caller who hangs up ends the dialling too: the application is told of that as of any end, and its answer is not followed. */
  async #dial(request: DialRequest, signal: AbortSignal): Promise<DialOutcome> {
    const { dial } = this.#parts;
    const plan = dial({ ...request, shown: this.#shownTo(request) });
    const { status } = plan;
    this.#host.note({ type: 'dial', target: request.target, status });
    const sid = newSid('CA');
    const answered = { yes: false };
    this.#tellOfLeg(request, sid, 'initiated');
    try {
      return await this.#ring(request, plan, { sid, answered, signal });
    } catch (error) {
      const { actionUrl } = request;
      const ended = this.#host.status() !== 'in-progress';
      if (ended && !plan.silentWhenAbandoned) {
        this.#tellOfLeg(request, sid, answered.yes ? 'completed' : 'canceled');
      }
      if (ended && actionUrl !== undefined && !plan.silentWhenAbandoned) {
        const outcome = {
          status: answered.yes ? 'completed' : 'canceled',
          sid,
          seconds: 0,
        } as const;
        this.callback(actionUrl, { ...this.fields(), ...dialFields(outcome) });
      }
      throw error;
    }
  }

  async #ring(
    request: DialRequest,
    { status, ringMs, talkMs, keys }: DialPlan,
    leg: {
      readonly sid: string;
      readonly answered: { yes: boolean };
      readonly signal: AbortSignal;
    },
  ): Promise<DialOutcome> {
    const { clock } = this.#parts;
    const { sid, answered, signal } = leg;
    await clock.sleep(Math.min(ringMs, request.ringMs), signal);
    const tell = (state: string) => this.#tellOfLeg(request, sid, state);
    if (status !== 'completed') {
      tell(status);
      return { status, sid, seconds: 0 };
    }
    answered.yes = true;
    tell('in-progress');
    const called = new CalledLeg(this.#parts, {
      sid,
      parentSid: this.#host.sid,
      from: this.#shownTo(request),
      to: request.target,
      keys,
      webhooks: this.#webhooks,
      note: (kind) => this.#host.note(kind),
      warn: (code, message) => this.#host.warn(code, message),
    });
    // Who answers and is not connected has answered all the same: the carrier says `completed`.
    if (!(await called.takes(request, signal))) return { status, sid, seconds: 0 };
    this.#host.note({ type: 'bridged', target: request.target });
    await clock.sleep(talkMs, signal);
    tell('completed');
    return { status, sid, seconds: Math.ceil(talkMs / 1000) };
  }

  #shownTo({ callerId }: DialRequest): string {
    return callerId ?? this.#options.from;
  }

  #tellOfLeg(request: DialRequest, callSid: string, status: string): void {
    const { statusUrl, statusEvents, target } = request;
    const event =
      status === 'initiated' ? status : status === 'in-progress' ? 'answered' : 'completed';
    if (statusUrl === undefined || !statusEvents.includes(event)) return;
    const { accountSid } = this.#parts;
    const from = this.#shownTo(request);
    const fields = callFields({ callSid, accountSid, from, to: target, status, inbound: false });
    const parent = { Direction: 'outbound-dial', ParentCallSid: this.#host.sid };
    this.callback(statusUrl, { ...fields, ...parent });
  }
}
