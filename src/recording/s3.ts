// Objects in a bucket of S3 or of anything that speaks its protocol: put, read in part, removed; requests signed by us.

import { createHash, createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
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

/** All reject with `vendor_failed`. */
export function openBucket(settings: S3Settings, clock: Clock): Bucket {
  const { endpoint, bucket } = settings;

  async function ask(
    method: string,
    key: string,
    more: { headers?: Record<string, string>; body?: Readable } = {},
  ): Promise<Response> {
    const url = new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}/${key}`);
    const signing = { method, url, headers: more.headers ?? {}, payloadHash: UNSIGNED };
    const { host: _host, ...headers } = signS3(settings, { ...signing, nowMs: clock.now() });
    const limit = new AbortController();
    const late = new AppError('vendor_failed', 'the bucket takes too long');
    using _timer = clock.after(ANSWER_MS_MAX, () => limit.abort(late));
    try {
      const body = more.body && Readable.toWeb(more.body);
      const request = { method, headers, redirect: 'error', signal: limit.signal } as const;
      return await (body
        ? fetch(url, { ...request, body, duplex: 'half' } as unknown as RequestInit)
        : fetch(url, request));
    } catch (cause) {
      throw new AppError('vendor_failed', `the bucket cannot be reached: ${method}`, { cause });
    }
  }

  function refused(method: string, { status }: Response): AppError {
    return new AppError('vendor_failed', `the bucket answered ${method} with ${status}`);
  }

  return {
    async put(key, file, bytes) {
      const headers = {
        'content-length': String(bytes),
        'content-type': 'application/octet-stream',
      };
      const response = await ask('PUT', key, { headers, body: createReadStream(file) });
      await response.body?.cancel();
      if (!response.ok) throw refused('PUT', response);
    },
    async read(key, from, to) {
      const response = await ask('GET', key, { headers: { range: `bytes=${from}-${to - 1}` } });
      if (!response.ok || !response.body) throw refused('GET', response);
      return response.body as AsyncIterable<Uint8Array>;
    },
    async remove(key) {
      const response = await ask('DELETE', key);
      await response.body?.cancel();
      if (!response.ok && response.status !== 404) throw refused('DELETE', response);
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
