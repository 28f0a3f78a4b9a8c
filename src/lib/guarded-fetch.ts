// Requests to addresses that owners give us: never to our own network, however the address is written or resolved.

import { lookup as resolve } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { orAborted, Scope } from './abort.ts';
import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';

/** From the first look-up to the last byte. */
const REQUEST_MS_MAX = 5000;
/** Of a request's body, and of an answer's. */
export const GUARDED_BYTES_MAX = 256 * 1024;
const URL_CHARACTERS_MAX = 2048;

/** A host that answers on a public address all the same: the virtual machines' own channel at one cloud. */
const neverPublic = new Set(['168.63.129.16']);
/** All of IPv6 that is given out to networks; the rest has other forms of IPv4 addresses in it. */
const globalIpv6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Other protocols' ports, mail above all: what we send could mean something there. Below 1024 only that of https is
 * asked; these are the ones above that browsers refuse as well (WHATWG Fetch, "port blocking").
 */
const otherPorts = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 10080,
]);

/** Every address of a host name. May reject. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

export interface GuardParts {
  readonly clock: Clock;
  readonly lookup?: Lookup;
  /**
   * Exact origins such as `http://127.0.0.1:9000` that may be reached although they are on loopback: receivers of
   * tests and of a sandbox, from the configuration and never from an owner.
   */
  readonly loopbackOrigins?: readonly string[];
  /** Further roots to trust, in PEM. */
  readonly ca?: string;
  /** Another way to the address that was checked: tests have no public ones. */
  readonly reach?: (address: string, port: number) => { host: string; port: number };
}

export interface GuardedAsk {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface GuardedAnswer {
  /** 3xx too: redirects are not followed. */
  readonly status: number;
  /** In lower case; of several with one name the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body as UTF-8. */
  readonly text: string;
}

/**
 * Rejects with `invalid` when the address may not be asked (its public message says so in general terms), and with
 * `vendor_failed` when it cannot be reached, takes longer than 5 s or says more than 256 kB.
 */
export type GuardedFetch = (url: string, ask: GuardedAsk) => Promise<GuardedAnswer>;

export function openGuardedFetch(parts: GuardParts): GuardedFetch {
  return async (url, ask) => {
    const target = parseGuardedUrl(url, parts.loopbackOrigins);
    if (ask.body !== undefined && Buffer.byteLength(ask.body) > GUARDED_BYTES_MAX) {
      throw new AppError('too_large', 'a guarded request is too large');
    }
    using scope = new Scope(ask.signal ?? new AbortController().signal);
    const late = failed('a guarded request took too long', 'There was no answer within 5 s.');
    using _timer = parts.clock.after(REQUEST_MS_MAX, () => scope.abort(late));
    const address = await orAborted(addressOf(target, parts), scope.signal);
    return await send(target, address, ask, parts, scope.signal);
  };
}

/**
 * The address, if its form alone does not forbid it; names are resolved only when they are asked.
 * Throws `invalid`. For settings, so that an owner learns at once what will never work.
 */
export function parseGuardedUrl(url: string, loopbackOrigins: readonly string[] = []): URL {
  if (url.length > URL_CHARACTERS_MAX || !URL.canParse(url)) throw refusal('it is not a URL');
  const target = new URL(url);
  if (target.username !== '' || target.password !== '') {
    throw refusal('it has a user or a password in it');
  }
  if (loopbackOrigins.includes(target.origin)) return target;
  if (target.protocol !== 'https:') throw refusal('it is not https');
  const port = Number(target.port || 443);
  if ((port < 1024 && port !== 443) || otherPorts.has(port))
    throw refusal("its port is no web server's");
  const name = bareName(target);
  if (/(^|\.)(localhost|local|internal|localdomain|home\.arpa)$/.test(name)) {
    throw refusal('it is not a public address');
  }
  if (ipaddr.isValid(name)) checkAddress(name);
  else if (!name.includes('.')) throw refusal('it is not a public address');
  return target;
}

/** The one that is connected to. With several all must be public: which of them answers is not for others to choose. */
async function addressOf(target: URL, parts: GuardParts): Promise<string> {
  const name = bareName(target);
  if (parts.loopbackOrigins?.includes(target.origin))
    return name === 'localhost' ? '127.0.0.1' : name;
  if (ipaddr.isValid(name)) return name;
  const { lookup = lookupAll } = parts;
  let addresses: readonly string[];
  try {
    addresses = await lookup(name);
  } catch (cause) {
    throw failed('a guarded host name cannot be resolved', 'The name has no address.', cause);
  }
  const [first] = addresses;
  if (first === undefined)
    throw failed('a guarded host has no address', 'The name has no address.');
  for (const address of addresses) checkAddress(address);
  return first;
}

function checkAddress(text: string): void {
  if (!ipaddr.isValid(text)) throw refusal('it is not a public address');
  const address = ipaddr.parse(text);
  const isPublic =
    address.range() === 'unicast' &&
    !neverPublic.has(address.toString()) &&
    (!(address instanceof ipaddr.IPv6) || address.match(globalIpv6));
  if (!isPublic) throw refusal('it is not a public address');
}

/** Without the brackets of IPv6 and the dot that ends a full name. */
function bareName({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

async function lookupAll(hostname: string): Promise<readonly string[]> {
  const found = await resolve(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

function refusal(why: string): AppError {
  const publicMessage = `The address is refused: ${why}.`;
  return new AppError('invalid', `a guarded address is refused: ${why}`, { publicMessage });
}

/** One connection, to `address` and nowhere else; the name goes into the certificate's check and the Host header. */
function send(
  target: URL,
  address: string,
  ask: GuardedAsk,
  parts: GuardParts,
  signal: AbortSignal,
): Promise<GuardedAnswer> {
  const secure = target.protocol === 'https:';
  const port = Number(target.port || (secure ? 443 : 80));
  const name = bareName(target);
  const headers = Object.fromEntries(
    Object.entries(ask.headers ?? {}).map(([key, value]) => [key.toLowerCase(), value]),
  );
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)({
      ...(parts.reach?.(address, port) ?? { host: address, port }),
      // An address is no name to ask for; it is checked against the certificate as it is.
      ...(secure && !ipaddr.isValid(name) && { servername: name }),
      ...(parts.ca !== undefined && { ca: parts.ca }),
      method: ask.method,
      path: target.pathname + target.search,
      headers: { ...headers, host: target.host, 'accept-encoding': 'identity' },
      // Kept connections are shared by address: nothing of one owner's is left for another's.
      agent: false,
      signal,
    });
    request.once('error', (error) => reject(failure(error, signal)));
    request.once('response', (response) => {
      read(response).then(resolve, (error: unknown) => {
        request.destroy();
        reject(failure(error, signal));
      });
    });
    request.end(ask.body);
  });
}

async function read(response: IncomingMessage): Promise<GuardedAnswer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > GUARDED_BYTES_MAX) {
      throw failed('a guarded answer is too large', 'The answer is larger than 256 kB.');
    }
    pieces.push(piece);
  }
  const body = Buffer.concat(pieces);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = first;
  }
  return { status: response.statusCode ?? 0, headers, body, text: body.toString('utf8') };
}

function failure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return signal.reason as Error;
  if (error instanceof AppError) return error;
  const code = (error as { code?: string } | undefined)?.code ?? 'failed';
  return failed(`a guarded request failed: ${code}`, 'The address could not be reached.');
}

function failed(message: string, publicMessage: string, cause?: unknown): AppError {
  return new AppError('vendor_failed', message, { publicMessage, cause });
}
