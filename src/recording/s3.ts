// Objects in a bucket of S3 or of anything that speaks its protocol: put, read in part, removed; requests signed by us.

import { createHash, createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';

/** The transport is encrypted, and what is sent is a file of our own: it is not hashed beforehand. */
const UNSIGNED = 'UNSIGNED-PAYLOAD';
/** Until a bucket begins to answer: for a `put`, all of the file has gone by then. */
const ANSWER_MS_MAX = 120_000;

export interface S3Settings {
  /** Such as `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body, in hex; or that it is not signed. */
  readonly payloadHash: string;
  readonly nowMs: number;
}

/** The headers with the signature. Wire: AWS "Signature Version 4". */
export function signS3(
  settings: Pick<S3Settings, 'region' | 'accessKeyId' | 'secretAccessKey'>,
  { method, url, headers, payloadHash, nowMs }: SignedRequest,
): Record<string, string> {
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': time,
  };
  const names = Object.keys(all).toSorted();
  const signed = names.join(';');
  const canonical = [
    method,
    url.pathname,
    [...url.searchParams]
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .toSorted()
      .join('&'),
    ...names.map((name) => `${name}:${all[name]!.trim()}`),
    '',
    signed,
    payloadHash,
  ].join('\n');
  const scope = `${day}/${settings.region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, settings.region, 's3', 'aws4_request'].reduce<Buffer | string>(
    (from, part) => hmac(from, part),
    `AWS4${settings.secretAccessKey}`,
  );
  const signature = hmac(key, text).toString('hex');
  const credential = `${settings.accessKeyId}/${scope}`;
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${signed},Signature=${signature}`,
  };
}

export interface Bucket {
  put(key: string, file: string, bytes: number): Promise<void>;
  /** The bytes from `from` to before `to`. */
  read(key: string, from: number, to: number): Promise<AsyncIterable<Uint8Array>>;
  /** What is not there is removed. */
  remove(key: string): Promise<void>;
}

interface Asking {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
}

/** All reject with `vendor_failed`. */
export function openBucket(settings: S3Settings, clock: Clock): Bucket {
  const { endpoint, bucket } = settings;

  /** `asking` gets the signed headers, the length of a body among them, and rejects when its signal aborts. */
  async function ask<T>(
    method: string,
    key: string,
    headers: Readonly<Record<string, string>>,
    asking: (url: URL, request: Asking) => Promise<T>,
  ): Promise<T> {
    const url = new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}/${key}`);
    const signing = { method, url, headers, payloadHash: UNSIGNED, nowMs: clock.now() };
    const { host: _host, ...signed } = signS3(settings, signing);
    const limit = new AbortController();
    const late = new AppError('vendor_failed', 'the bucket takes too long');
    using _timer = clock.after(ANSWER_MS_MAX, () => limit.abort(late));
    try {
      return await asking(url, { method, headers: signed, signal: limit.signal });
    } catch (cause) {
      throw new AppError('vendor_failed', `the bucket cannot be reached: ${method}`, { cause });
    }
  }

  function refused(method: string, status: number): AppError {
    return new AppError('vendor_failed', `the bucket answered ${method} with ${status}`);
  }

  return {
    async put(key, file, bytes) {
      const headers = {
        'content-length': String(bytes),
        'content-type': 'application/octet-stream',
      };
      const status = await ask('PUT', key, headers, (url, request) => upload(url, request, file));
      if (status < 200 || status > 299) throw refused('PUT', status);
    },
    async read(key, from, to) {
      const response = await ask('GET', key, { range: `bytes=${from}-${to - 1}` }, plain);
      if (!response.ok || !response.body) throw refused('GET', response.status);
      return response.body as AsyncIterable<Uint8Array>;
    },
    async remove(key) {
      const response = await ask('DELETE', key, {}, plain);
      await response.body?.cancel();
      if (!response.ok && response.status !== 404) throw refused('DELETE', response.status);
    },
  };
}

function plain(url: URL, request: Asking): Promise<Response> {
  return fetch(url, { ...request, redirect: 'error' });
}

/**
 * Resolves with the status. Not by `fetch`: Deno's leaves the length of a stream unsaid, and S3 takes no body without.
 */
function upload(url: URL, request: Asking, file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, request);
    sent.once('response', (response) => {
      // Only the status counts, however the rest of the answer ends.
      response.on('error', () => {}).resume();
      resolve(response.statusCode ?? 0);
    });
    pipeline(createReadStream(file), sent).catch(reject);
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
