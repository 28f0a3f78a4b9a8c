// One error class and one table: a code for programs, a text for people outside, a message and a cause for our log.

const table = {
  invalid: { status: 400, publicMessage: 'The request is not valid.' },
  unauthorized: { status: 401, publicMessage: 'Invalid authentication credentials' },
  out_of_balance: { status: 402, publicMessage: 'No talk time is left. Buy some to go on.' },
  forbidden: { status: 403, publicMessage: 'You may not do this.' },
  not_found: { status: 404, publicMessage: 'Not found.' },
  conflict: { status: 409, publicMessage: 'This conflicts with what is there already.' },
  too_large: { status: 413, publicMessage: 'The request is too large.' },
  too_many: { status: 429, publicMessage: 'Too many requests.' },
  internal: { status: 500, publicMessage: 'Something went wrong on our side.' },
  vendor_failed: { status: 502, publicMessage: 'A service we depend on failed.' },
  not_configured: { status: 503, publicMessage: 'This feature is not configured.' },
  unavailable: { status: 503, publicMessage: 'The service is not available right now.' },
  data_dir_in_use: { status: 503, publicMessage: 'The data directory is in use.' },
  config_invalid: { status: 500, publicMessage: 'The configuration is not valid.' },
} as const;

export type ErrorCode = keyof typeof table;

/** What may be shown beside the public message: a text that replaces it, and the faulty fields. */
export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Replaces the code's public message. Must be fit for outsiders. */
  readonly publicMessage?: string;
  /** Field name to what is wrong with it, for validation errors. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** What an outside service said when it failed. */
  readonly upstream?: Upstream;
  /** When it is worth to ask again, where that is known. */
  readonly retrySeconds?: number;
}

/** How an outside service failed: with this HTTP status, busy for so long, or stalled: with nothing sensible, or no end. */
export interface Upstream {
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly stalled?: boolean;
}

/** The only error class. `message` and `cause` go to the log and never leave the server. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly publicMessage: string;
  readonly fields: Readonly<Record<string, readonly string[]>> | undefined;
  readonly upstream: Upstream | undefined;
  readonly retrySeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.publicMessage = options.publicMessage ?? table[code].publicMessage;
    this.fields = options.fields;
    this.upstream = options.upstream;
    this.retrySeconds = options.retrySeconds;
  }

  /** The HTTP status that goes with the code. */
  get status(): number {
    return table[this.code].status;
  }
}

/** The codes and their texts, for the documentation and the test that compares the two. */
export const errorTable: Readonly<Record<ErrorCode, { status: number; publicMessage: string }>> =
  table;

/** Unknown thrown values as an Error, once, at the boundary that logs them. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
