// Follows a TwiML document verb by verb, as the carrier does.

import type { StreamEnd } from './media-line.ts';
import { parseTwiml, TwimlError } from './twiml.ts';
import type { Element } from './twiml.ts';

/** Documents one call may be sent through: Twilio ends endless redirects too. */
const DOCUMENTS_MAX = 50;
/** Playing time of a character that is said, and of a recording of unknown length. */
const SAY_MS_CHARACTER = 60;
const PLAY_MS = 2000;
/** Seconds that a Dial rings when it does not say. */
const DIAL_SECONDS = 30;
/** Seconds that a Gather waits when it does not say. */
const GATHER_SECONDS = 5;

/** A document and the URL it came from: what is relative in it is relative to that. */
export interface TwimlSource {
  readonly document: string;
  readonly url: string;
}

export interface StreamRequest {
  readonly url: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Where stream events are posted; absolute. */
  readonly statusCallback: string | undefined;
}

export interface DialRequest {
  /** A number, or `client:…`, or a SIP address. */
  readonly target: string;
  readonly callerId: string | undefined;
  readonly ringMs: number;
  /** Of a `<Number>`: what the called party is to hear before it is connected; absolute. */
  readonly announceUrl: string | undefined;
  /** Told how their leg goes on. */
  readonly statusUrl: string | undefined;
  /** `initiated`, `ringing`, `answered`, `completed`: which of them it is told of. */
  readonly statusEvents: readonly string[];
  /** Told of the end; absolute. */
  readonly actionUrl: string | undefined;
}

/** Digits are waited for while the sentences inside are said, and then for `timeoutMs`. */
export interface GatherRequest {
  readonly digits: number;
  readonly timeoutMs: number;
  readonly sentences: readonly Element[];
}

export interface DialOutcome {
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled';
  readonly sid: string;
  /** Seconds talked. */
  readonly seconds: number;
}

/** What verbs need from the call they run in. All that wait reject with the signal's reason. */
export interface VerbActs {
  /** The call is answered: any verb but a first `<Reject>` does it. */
  answer(): void;
  /** Every verb, as it begins. */
  began(verb: Element): void;
  warn(code: number, message: string): void;
  /** Talking and waiting take this long. */
  spend(ms: number, signal: AbortSignal): Promise<void>;
  stream(request: StreamRequest, signal: AbortSignal): Promise<StreamEnd>;
  dial(request: DialRequest, signal: AbortSignal): Promise<DialOutcome>;
  /** Undefined when nothing was pressed in time. */
  gather(request: GatherRequest, signal: AbortSignal): Promise<string | undefined>;
  fetch(
    url: string,
    method: string | undefined,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<string>;
}

/** `ran-out`: the last verb was done, and none of them ended the call. */
export type TwimlEnd = 'completed' | 'ran-out' | 'busy' | 'rejected';

/** Where a verb leads: on to the next, to another document, or to the end of the call. */
type Step =
  | { readonly to: 'next' }
  | { readonly to: 'document'; readonly source: TwimlSource }
  | { readonly to: 'end'; readonly end: TwimlEnd };

const NEXT: Step = { to: 'next' };

/** Resolves when the call is over by its TwiML. Rejects with a `TwimlError` or what `acts` rejects with. */
export async function runTwiml(
  source: TwimlSource,
  acts: VerbActs,
  signal: AbortSignal,
): Promise<TwimlEnd> {
  for (let documents = 0; documents < DOCUMENTS_MAX; documents += 1) {
    const step = await runDocument(source, acts, signal);
    if (step.to === 'end') return step.end;
    if (step.to === 'next') return 'ran-out';
    source = step.source;
  }
  throw new TwimlError(11_100, `more than ${DOCUMENTS_MAX} documents in one call`);
}

async function runDocument(
  source: TwimlSource,
  acts: VerbActs,
  signal: AbortSignal,
): Promise<Step> {
  for (const verb of parseTwiml(source.document).children) {
    signal.throwIfAborted();
    acts.began(verb);
    if (verb.name !== 'Reject') acts.answer();
    const step = await runVerb(verb, source.url, acts, signal);
    if (step.to !== 'next') return step;
  }
  return NEXT;
}

async function runVerb(
  verb: Element,
  base: string,
  acts: VerbActs,
  signal: AbortSignal,
): Promise<Step> {
  const { attributes, text } = verb;
  const follow = async (
    url: string,
    method: string | undefined,
    fields: Readonly<Record<string, string>>,
  ): Promise<Step> => {
    const absolute = new URL(url, base).href;
    const document = await acts.fetch(absolute, method, fields, signal);
    return { to: 'document', source: { document, url: absolute } };
  };
  switch (verb.name) {
    case 'Say':
      await acts.spend(text.length * SAY_MS_CHARACTER, signal);
      return NEXT;
    case 'Play':
      await acts.spend(PLAY_MS, signal);
      return NEXT;
    case 'Pause':
      await acts.spend(Number(attributes['length'] ?? 1) * 1000, signal);
      return NEXT;
    case 'Redirect':
      return follow(text === '' ? base : text, attributes['method'], {});
    case 'Hangup':
      return { to: 'end', end: 'completed' };
    case 'Reject':
      return { to: 'end', end: attributes['reason'] === 'busy' ? 'busy' : 'rejected' };
    case 'Dial': {
      const outcome = await acts.dial(dialRequest(verb, base), signal);
      const { action } = attributes;
      if (action === undefined) return NEXT;
      return follow(action, attributes['method'], dialFields(outcome));
    }
    case 'Gather': {
      const digits = await acts.gather(gatherRequest(verb), signal);
      if (digits === undefined) return NEXT;
      return follow(attributes['action'] ?? base, attributes['method'], { Digits: digits });
    }
    case 'Connect': {
      const stream = verb.children.find(({ name }) => name === 'Stream');
      if (!stream) throw new TwimlError(12_200, '<Connect> without <Stream>');
      await acts.stream(streamRequest(stream, base), signal);
      const { action } = attributes;
      // The verbs behind an action are not run: an application that sets one would lose its tail.
      return action === undefined ? NEXT : follow(action, attributes['method'], {});
    }
    default:
      acts.warn(12_200, `<${verb.name}> is not a verb this phone knows`);
      return NEXT;
  }
}

/** What the action of a `<Dial>` is told. */
export function dialFields({ status, sid, seconds }: DialOutcome): Record<string, string> {
  return { DialCallStatus: status, DialCallSid: sid, DialCallDuration: String(seconds) };
}

function gatherRequest({ attributes, children }: Element): GatherRequest {
  return {
    digits: Number(attributes['numDigits'] ?? Number.POSITIVE_INFINITY),
    timeoutMs: Number(attributes['timeout'] ?? GATHER_SECONDS) * 1000,
    sentences: children,
  };
}

function dialRequest({ attributes, children, text }: Element, base: string): DialRequest {
  const noun = children.find(({ name }) => ['Number', 'Sip', 'Client'].includes(name));
  const target = noun?.text ?? text;
  const url = noun?.name === 'Number' ? noun.attributes['url'] : undefined;
  const statusUrl = noun?.attributes['statusCallback'];
  const { action } = attributes;
  return {
    target: noun?.name === 'Client' ? `client:${target}` : target,
    callerId: attributes['callerId'],
    ringMs: Number(attributes['timeout'] ?? DIAL_SECONDS) * 1000,
    announceUrl: url === undefined ? undefined : new URL(url, base).href,
    statusUrl: statusUrl === undefined ? undefined : new URL(statusUrl, base).href,
    statusEvents: (noun?.attributes['statusCallbackEvent'] ?? 'completed').split(' '),
    actionUrl: action === undefined ? undefined : new URL(action, base).href,
  };
}

function streamRequest({ attributes, children }: Element, base: string): StreamRequest {
  const { url, name, statusCallback } = attributes;
  if (url === undefined || !/^wss?:/.test(url)) {
    throw new TwimlError(31_941, `<Stream> needs a wss URL, not '${url}'`);
  }
  const parameters: Record<string, string> = {};
  for (const child of children) {
    const { name, value } = child.attributes;
    if (child.name === 'Parameter' && name !== undefined) parameters[name] = value ?? '';
  }
  return {
    url,
    name: name ?? '',
    parameters,
    statusCallback: statusCallback === undefined ? undefined : new URL(statusCallback, base).href,
  };
}
