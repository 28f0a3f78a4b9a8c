// A tool that asks an address of the owner's: arguments into the request, the answer, shortened, to the model.

import { Scope } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { GuardedAnswer, GuardedFetch } from '../../lib/guarded-fetch.ts';
import type { Sealer } from '../../lib/sealing.ts';
import type { Tool } from '../../pipeline/types.ts';
import type { HttpTool } from '../../store/clients/owner-tools.ts';

/** What the model reads of an answer. */
const ANSWER_CHARACTERS_MAX = 4000;

/** Filled in by us and not by the model: what is known of the call. */
export const callPlaceholders = ['call_id', 'caller_phone'] as const;

const placeholder = /\{([A-Za-z][\w-]*)\}/g;

export interface OwnerToolParts {
  readonly clock: Clock;
  readonly fetch: GuardedFetch;
  readonly sealer: Sealer;
}

/** What of a tool is needed to ask. */
export type AskedTool = Pick<
  HttpTool,
  'clientId' | 'name' | 'method' | 'url' | 'headersSealed' | 'timeoutMs'
>;

/** About the call that asks. */
export interface AskingCall {
  readonly callId: string;
  /** E.164; undefined when withheld. */
  readonly callerPhone: string | undefined;
  readonly signal: AbortSignal;
}

export function httpTool(parts: OwnerToolParts, tool: HttpTool): Tool {
  return {
    name: tool.name,
    description: tool.description,
    parameters: tool.parameters,
    async run(given, { callId, callerPhone, signal }) {
      const args = given as Readonly<Record<string, unknown>>;
      const answer = await askOwner(parts, tool, args, { callId, callerPhone, signal });
      const { status } = answer;
      return { text: forModel(status, answer.text), failed: !isAnswer(status) };
    },
  };
}

/**
 * Asks as the tool would. Rejects with `invalid` when the arguments or the address cannot be used, with `vendor_failed`
 * when there is no answer in the tool's time.
 */
export async function askOwner(
  { clock, fetch, sealer }: OwnerToolParts,
  tool: AskedTool,
  args: Readonly<Record<string, unknown>>,
  call: AskingCall,
): Promise<GuardedAnswer> {
  const known = { call_id: call.callId, caller_phone: call.callerPhone ?? '' };
  const { url, left } = addressOf(tool.url, args, known);
  const bodiless = tool.method === 'GET' || tool.method === 'DELETE';
  if (bodiless)
    for (const [name, value] of Object.entries(left)) url.searchParams.append(name, text(value));
  using scope = new Scope(call.signal);
  using _timer = clock.after(tool.timeoutMs, () =>
    scope.abort(
      new AppError('vendor_failed', `the owner's tool gave no answer in its time`, {
        publicMessage: `There was no answer within ${tool.timeoutMs / 1000} s.`,
      }),
    ),
  );
  return await fetch(url.href, {
    method: tool.method,
    headers: {
      accept: 'application/json, text/plain;q=0.9',
      'user-agent': 'Frontdesk',
      'x-frontdesk-call-id': call.callId,
      ...(!bodiless && { 'content-type': 'application/json' }),
      ...openHeaders(sealer, tool),
    },
    ...(!bodiless && { body: JSON.stringify(left) }),
    signal: scope.signal,
  });
}

/** Headers as the owner set them. */
export function openHeaders(
  sealer: Sealer,
  { headersSealed, clientId }: Pick<HttpTool, 'headersSealed' | 'clientId'>,
): Readonly<Record<string, string>> {
  if (headersSealed === null) return {};
  return JSON.parse(sealer.open(headersSealed, clientId)) as Record<string, string>;
}

/** Names in braces of a template, in the order in which they stand there. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(placeholder)].map(([, name]) => name!);
}

/** The address, and the arguments that have no place in it. What is filled in stays within its part of the path or query. */
function addressOf(
  template: string,
  args: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, string>>,
): { url: URL; left: Record<string, unknown> } {
  const left = { ...args };
  const query = template.indexOf('?');
  const filled = template.replaceAll(placeholder, (_, name: string, place: number) => {
    const value = text(Object.hasOwn(known, name) ? known[name] : args[name]);
    delete left[name];
    // Dots climb out of a path, and an empty part makes it another one.
    if ((query < 0 || place < query) && /^\.{0,2}$/.test(value)) {
      const fault = `the argument ${name} cannot stand in an address`;
      throw new AppError('invalid', fault, {
        publicMessage: `The argument ${name} must be something that can stand in an address: not empty, "." or "..".`,
      });
    }
    return encodeURIComponent(value.toWellFormed());
  });
  return { url: new URL(filled), left };
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Refusals that are about what was asked for, such as an order that does not exist. All others are about how it was asked. */
const refusals = new Set([400, 402, 404, 409, 410, 412, 422, 423]);

/** Whether the service has answered the question; otherwise its owner has something to mend. */
function isAnswer(status: number): boolean {
  return (status >= 200 && status <= 299) || refusals.has(status);
}

/** The answer of a service, and that it has failed where its status says so. */
export function forModel(status: number, body: string): string {
  const failed = status < 200 || status > 299;
  return answerForModel(body, failed ? `The service answered ${status}.` : undefined);
}

/** An answer as a value in JSON, so that nothing in it looks like more than an answer. */
export function answerForModel(body: string, fault: string | undefined): string {
  const error = fault === undefined ? {} : { error: fault };
  const plain = body.replaceAll('\u0000', '').trim();
  const value = parsed(plain);
  const whole = JSON.stringify({ ...error, answer: value ?? plain });
  if (whole.length <= ANSWER_CHARACTERS_MAX) return whole;
  const answer = (value === undefined ? plain : JSON.stringify(value)).slice(
    0,
    ANSWER_CHARACTERS_MAX,
  );
  const note = 'The answer was longer and has been cut.';
  return JSON.stringify({ ...error, answer: answer.toWellFormed(), note });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
