// The log: a static sentence and fields; personal data only under `pii`, so that one setting drops it.

import { pino } from 'pino';
import type { Logger } from 'pino';

export type LogFields = Readonly<Record<string, unknown>> & {
  /** Numbers, names, spoken words: the only place where they may stand. */
  readonly pii?: Readonly<Record<string, unknown>>;
  /** Logged with its stack and causes. */
  readonly error?: unknown;
};

export interface Log {
  debug(sentence: string, fields?: LogFields): void;
  info(sentence: string, fields?: LogFields): void;
  warn(sentence: string, fields?: LogFields): void;
  error(sentence: string, fields?: LogFields): void;
  /** A log whose lines all carry `fields`. */
  with(fields: LogFields): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LogOptions {
  readonly level: LogLevel;
  /** Whether `pii` fields are written. */
  readonly pii: boolean;
  /** Where lines go; standard output by default. */
  readonly write?: (line: string) => void;
}

/** JSON lines by pino. */
export function openLog(options: LogOptions): Log {
  const settings = {
    level: options.level,
    base: null,
    serializers: { error: options.pii ? pino.stdSerializers.errWithCause : plainError },
    redact: { paths: options.pii ? [] : ['pii'], remove: true },
  };
  const { write } = options;
  return wrap(write ? pino(settings, { write }) : pino(settings));
}

/** For programs that print for people and want no log. */
export const quietLog: Log = openLog({ level: 'silent', pii: false });

/** Causes of causes that are followed. */
const CAUSES_MAX = 5;
/** What else of an error may be told. All others go: drivers and packages hang rows, requests and answers on theirs. */
const tellable = [
  'code',
  'errno',
  'syscall',
  'status',
  'severity',
  'constraint_name',
  'table_name',
  'column_name',
  'routine',
] as const;
/** SQLSTATE of those whose message quotes the value: data exceptions. */
const quotes = /^22...$/;

/** An error without personal data, in so far as its thrower has kept it out of the message. */
function plainError(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error) || depth > CAUSES_MAX) return { type: typeof thrown };
  const { name, stack = '', cause } = thrown;
  const given = thrown as unknown as Readonly<Record<string, unknown>>;
  const more = tellable.flatMap((field) => {
    const value = given[field];
    return typeof value === 'string' || typeof value === 'number' ? [[field, value]] : [];
  });
  return {
    type: name,
    message: plainMessage(thrown, given['code']),
    stack: stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(Object.fromEntries(more) as object),
    ...(cause !== undefined && { cause: plainError(cause, depth + 1) }),
    ...(thrown instanceof AggregateError && {
      errors: thrown.errors.slice(0, CAUSES_MAX).map((each) => plainError(each, depth + 1)),
    }),
  };
}

/** Without what the database and the parser of JSON quote of what they could not read. */
function plainMessage({ name, message }: Error, code: unknown): string {
  if (name === 'PostgresError' && typeof code === 'string' && quotes.test(code)) {
    return message.replace(/".*/s, '…');
  }
  return name === 'SyntaxError' && message.includes('JSON') ? 'not valid JSON' : message;
}

function wrap(logger: Logger): Log {
  return {
    debug: (sentence, fields = {}) => logger.debug(fields, sentence),
    info: (sentence, fields = {}) => logger.info(fields, sentence),
    warn: (sentence, fields = {}) => logger.warn(fields, sentence),
    error: (sentence, fields = {}) => logger.error(fields, sentence),
    with: (fields) => wrap(logger.child(fields)),
  };
}
