// The carrier's requests to the application: signed form posts with a time limit, as Twilio sends them.

import { randomUUID } from 'node:crypto';
import type { Clock } from '../../src/lib/clock.ts';
import { Scope } from '../../src/lib/abort.ts';
import { signRequest } from './signature.ts';

/** Twilio gives up on a voice webhook after this. */
const WEBHOOK_MS_MAX = 15_000;
/** Twilio's limit for a TwiML document. */
const DOCUMENT_BYTES_MAX = 64 * 1024;

export interface WebhookParts {
  readonly clock: Clock;
  readonly authToken: string;
  /** Called after every request. */
  readonly answered: (answer: { url: string; status: number; elapsedMs: number }) => void;
}

/** Why a webhook gave no document; `code` is Twilio's: 11200 no good answer, 12300 not XML by its type. */
export class WebhookError extends Error {
  readonly code: number;

  constructor(code: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'WebhookError';
    this.code = code;
  }
}

export interface WebhookRequest {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  /** POST by default; GET puts the fields into the query. */
  readonly method?: string;
  /** In place of the right signature; null leaves the header out. */
  readonly signature?: string | null;
}

/** The document that `url` answers with. Rejects with a `WebhookError`, or the signal's reason. */
export async function fetchDocument(
  parts: WebhookParts,
  request: WebhookRequest,
  signal: AbortSignal,
): Promise<string> {
  const response = await post(parts, request, signal);
  const { status, type, text } = response;
  if (status < 200 || status > 299) {
    throw new WebhookError(11_200, `${request.url} answered ${status}`);
  }
  if (!/^(text|application)\/xml\b/.test(type)) {
    throw new WebhookError(12_300, `${request.url} answered with the content type '${type}'`);
  }
  if (text.length > DOCUMENT_BYTES_MAX) throw new WebhookError(11_750, 'more than 64 kB of TwiML');
  return text;
}

/** Posts and takes any answer: for callbacks, whose answers mean nothing. Failures are reported as status 0. */
export async function notify(
  parts: WebhookParts,
  request: WebhookRequest,
  signal: AbortSignal,
): Promise<number> {
  try {
    return (await post(parts, request, signal)).status;
  } catch {
    return 0;
  }
}

async function post(
  { clock, authToken, answered }: WebhookParts,
  { url, fields, method = 'POST', signature }: WebhookRequest,
  signal: AbortSignal,
): Promise<{ status: number; type: string; text: string }> {
  using scope = new Scope(signal);
  using limit = clock.after(WEBHOOK_MS_MAX, () => {
    scope.abort(new WebhookError(11_205, `${url} did not answer within ${WEBHOOK_MS_MAX} ms`));
  });
  void limit;
  const startedMs = clock.elapsed();
  const form = new URLSearchParams(fields).toString();
  const byQuery = method.toUpperCase() === 'GET';
  const target = byQuery ? `${url}${url.includes('?') ? '&' : '?'}${form}` : url;
  const sign =
    signature === undefined ? signRequest(authToken, target, byQuery ? {} : fields) : signature;
  const headers: Record<string, string> = {
    'user-agent': 'TwilioProxy/1.1',
    'i-twilio-idempotency-token': randomUUID(),
  };
  if (sign !== null) headers['x-twilio-signature'] = sign;
  if (!byQuery) headers['content-type'] = 'application/x-www-form-urlencoded; charset=UTF-8';
  let status = 0;
  try {
    const response = await fetch(target, {
      method: byQuery ? 'GET' : 'POST',
      headers,
      redirect: 'follow',
      signal: scope.signal,
      ...(byQuery ? {} : { body: form }),
    });
    status = response.status;
    const type = response.headers.get('content-type') ?? '';
    return { status, type, text: await response.text() };
  } catch (error) {
    if (scope.signal.aborted) throw scope.signal.reason;
    throw new WebhookError(11_200, `${url} could not be reached`, error);
  } finally {
    answered({ url, status, elapsedMs: clock.elapsed() - startedMs });
  }
}
