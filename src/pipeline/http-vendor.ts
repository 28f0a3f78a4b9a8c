// A vendor that is asked over HTTP: reached before the call, asked within limits, its refusals told without the key.

import { Scope } from '../lib/abort.ts';
import { within } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError, toError } from '../lib/errors.ts';
import type { Upstream } from '../lib/errors.ts';
import { keptConnections } from '../lib/keep-alive.ts';
import { retryAfterMs } from '../lib/retry.ts';
import { told } from '../lib/told.ts';

const OPEN_MS = 3000;
/** Of an answer that nobody asked for anything in particular, and of a refusal. */
const BODY_BYTES_MAX = 64 * 1024;

export interface HttpVendor {
  /** Names the vendor in errors. */
  readonly name: string;
  readonly url: string;
  /** Must not reach the log, even if the vendor repeats it. */
  readonly key: string;
  readonly clock: Clock;
}

/** Any answer of a server that works will do: what counts is that a connection is up, and kept, before it is needed. */
export async function reach(vendor: HttpVendor, signal: AbortSignal): Promise<void> {
  using scope = new Scope(signal);
  // Not HEAD, after which undici closes the connection.
  const request = { method: 'OPTIONS', dispatcher: keptConnections(), signal: scope.signal };
  const late = () =>
    vendorFailed(vendor, new Error(`no answer in ${OPEN_MS} ms`), { stalled: true });
  try {
    const reaching = fetch(vendor.url, request as object).then(async ({ body, status }) => {
      await readOut(body);
      return status;
    });
    const status = await within(vendor.clock, OPEN_MS, reaching, late);
    if (status >= 500) throw vendorFailed(vendor, new Error(`answers ${status}`), { status });
  } catch (error) {
    signal.throwIfAborted();
    throw vendorFailed(vendor, error);
  } finally {
    scope.abort(new Error('reached'));
  }
}

/** The answer to a POST that may be repeated, if it is a good one; rejects with `vendor_failed` or the signal's reason. */
export async function post(
  vendor: HttpVendor,
  path: string,
  request: { headers: Record<string, string>; body: string | FormData; signal: AbortSignal },
): Promise<Response> {
  const { signal } = request;
  const ask = () => {
    // Not followed: what callers say is for this vendor, and not for whom it names.
    const how = { method: 'POST', redirect: 'manual', dispatcher: keptConnections() };
    return fetch(vendor.url + path, { ...how, ...request } as object);
  };
  let response: Response;
  try {
    // A kept connection may be closed by the vendor at the moment it is used.
    response = await ask().catch(() => {
      signal.throwIfAborted();
      return ask();
    });
  } catch (error) {
    signal.throwIfAborted();
    throw vendorFailed(vendor, error);
  }
  if (response.ok) return response;
  const { status, headers } = response;
  const words = await readOut(response.body).catch(() => '');
  const upstream = { status, retryAfterMs: retryAfterMs(headers.get('retry-after')) };
  throw vendorFailed(vendor, new Error(`refused with ${status} ${words}`.trim()), upstream);
}

/** An error of the vendor's, fit for the log. */
export function vendorFailed(vendor: HttpVendor, error: unknown, upstream?: Upstream): AppError {
  if (error instanceof AppError) return error;
  const { message, cause } = toError(error);
  // Fetch hides its reason.
  const whole = cause instanceof Error ? `${message}: ${cause.message}` : message;
  const options = upstream ? { upstream } : {};
  return new AppError('vendor_failed', `${vendor.name}: ${told(whole, vendor.key)}`, options);
}

/** The beginning of a body as text, at most 64 kB. Only one that was read to its end leaves its connection for others. */
export async function readOut(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) break;
  }
  return Buffer.concat(parts).toString('utf8');
}
