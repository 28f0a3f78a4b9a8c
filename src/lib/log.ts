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
    serializers: { error: pino.stdSerializers.errWithCause },
    redact: { paths: options.pii ? [] : ['pii'], remove: true },
  };
  const { write } = options;
  return wrap(write ? pino(settings, { write }) : pino(settings));
}

/** For programs that print for people and want no log. */
export const quietLog: Log = openLog({ level: 'silent', pii: false });

function wrap(logger: Logger): Log {
  return {
    debug: (sentence, fields = {}) => logger.debug(fields, sentence),
    info: (sentence, fields = {}) => logger.info(fields, sentence),
    warn: (sentence, fields = {}) => logger.warn(fields, sentence),
    error: (sentence, fields = {}) => logger.error(fields, sentence),
    with: (fields) => wrap(logger.child(fields)),
  };
}
