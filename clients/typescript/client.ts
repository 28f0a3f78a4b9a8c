// A typed client of the API: one function, which knows every route. Needs nothing but fetch.

import type { Routes } from './routes.ts';

export type { Routes } from './routes.ts';

/** What a route takes beside its name; nothing where it takes nothing. */
export type Given<Name extends keyof Routes> = Omit<Routes[Name], 'answer'>;
export type Answer<Name extends keyof Routes> = Routes[Name]['answer'];

/** A refusal: the status, and what was said about it. */
export class ApiError extends Error {
  readonly status: number;
  /** `{detail}`, or field names with what is wrong with them. */
  readonly body: unknown;
  /** Seconds, of a 429. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: unknown, retryAfter: number | undefined) {
    super(detailOf(body) ?? `status ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

export interface ClientOptions {
  /** Such as `https://frontdesk.example.com`; empty in a page of the server itself. */
  readonly baseUrl: string;
  /** An access token; without one the browser's cookie is used. */
  readonly token?: string | (() => string | undefined);
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Of a creating request: asked again with it, the first answer is given again. */
  readonly idempotencyKey?: string;
}

export interface Page<Rows> {
  readonly rows: Rows;
  /** As far as they were counted: when it is `countedMax` there may be more. */
  readonly total: number;
  readonly countedMax: number;
  /** For the next page's query; undefined on the last. */
  readonly cursor: string | undefined;
}

type Rest<Name extends keyof Routes> = keyof Given<Name> extends never
  ? [given?: Record<string, never>, options?: CallOptions]
  : object extends Given<Name>
    ? [given?: Given<Name>, options?: CallOptions]
    : [given: Given<Name>, options?: CallOptions];

export interface FrontdeskClient {
  /** `call('GET /api/clients/{client_id}', { params: { client_id } })`. Throws `ApiError`. */
  call<Name extends keyof Routes>(name: Name, ...rest: Rest<Name>): Promise<Answer<Name>>;
  /** The same for a list, with how many there are and where it goes on. */
  page<Name extends keyof Routes>(name: Name, ...rest: Rest<Name>): Promise<Page<Answer<Name>>>;
}

interface Loose {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

export function openFrontdesk(options: ClientOptions): FrontdeskClient {
  return {
    async call(name, ...rest) {
      return (await read(await send(name, ...(rest as [Loose?, CallOptions?])))) as never;
    },
    async page(name, ...rest) {
      const response = await send(name, ...(rest as [Loose?, CallOptions?]));
      const next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      const search = new URLSearchParams(next?.slice(next.indexOf('?')));
      return {
        rows: (await read(response)) as never,
        total: Number(response.headers.get('x-total-count')),
        countedMax: Number(response.headers.get('x-total-count-max')),
        cursor: search.get('cursor') ?? undefined,
      };
    },
  };

  async function send(name: string, given: Loose = {}, call: CallOptions = {}): Promise<Response> {
    const [method = 'GET', path = ''] = name.split(' ');
    const { params = {}, query = {}, body } = given;
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) search.append(key, String(value));
    }
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, key: string) =>
      encodeURIComponent(params[key] ?? ''),
    );
    const token = typeof options.token === 'function' ? options.token() : options.token;
    const isText = typeof body === 'string';
    const response = await (options.fetch ?? fetch)(
      `${options.baseUrl}${filled}${search.size > 0 ? `?${search.toString()}` : ''}`,
      {
        method,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': isText ? 'text/csv' : 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(call.idempotencyKey !== undefined && { 'idempotency-key': call.idempotencyKey }),
        },
        ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
        ...(call.signal && { signal: call.signal }),
      },
    );
    if (response.ok) return response;
    const after = response.headers.get('retry-after');
    throw new ApiError(
      response.status,
      await read(response),
      after === null ? undefined : Number(after),
    );
  }
}

async function read(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('application/json')) return response.json();
  return type.startsWith('text/') || type === '' ? response.text() : response.blob();
}

function detailOf(body: unknown): string | undefined {
  const detail = (body as { detail?: unknown } | null | undefined)?.detail;
  return typeof detail === 'string' ? detail : undefined;
}
