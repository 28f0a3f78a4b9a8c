// What a failure of Google's means for us. Its own errors hold requests with tokens in them and are never passed on.

import { AppError } from '../../lib/errors.ts';

/** As much of a failure as may be said. */
export interface GoogleFault {
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** Google's word, such as `rateLimitExceeded` or `invalid_grant`. */
  readonly reason: string;
}

/** 403 for these passes by itself. */
const limits = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
  'calendarUsageLimitsExceeded',
]);
const grantFaults = new Set(['invalid_grant', 'unauthorized_client', 'invalid_client']);
const word = /^[A-Za-z_]{1,60}$/;

/** Reads status and reason out of whatever the package throws. */
export function faultOf(thrown: unknown): GoogleFault {
  const { status, response, code } = (thrown ?? {}) as {
    status?: unknown;
    code?: unknown;
    response?: { status?: unknown; data?: unknown };
  };
  const answered = Number(response?.status ?? status);
  const reason = reasonOf(response?.data) ?? (typeof code === 'string' ? code : 'failed');
  return {
    status: Number.isInteger(answered) && answered >= 100 ? answered : undefined,
    reason: word.test(reason) ? reason : 'failed',
  };
}

function reasonOf(data: unknown): string | undefined {
  const { error } = (typeof data === 'object' && data !== null ? data : {}) as { error?: unknown };
  if (typeof error === 'string') return error;
  const { errors, status } = (error ?? {}) as {
    errors?: readonly { reason?: unknown }[];
    status?: unknown;
  };
  const first = errors?.[0]?.reason ?? status;
  return typeof first === 'string' ? first : undefined;
}

/** Whether nothing but the owner can mend it. */
function isRefusal({ status, reason }: GoogleFault): boolean {
  if (grantFaults.has(reason) || status === 401 || status === 404) return true;
  return status === 403 && !limits.has(reason);
}

/** In our terms: `not_configured` for a refusal, `vendor_failed` for the rest. */
export function googleError(fault: GoogleFault): AppError {
  const text = `google calendar: ${fault.status ?? 'no answer'} ${fault.reason}`;
  if (!isRefusal(fault)) return new AppError('vendor_failed', text);
  return new AppError('not_configured', text, {
    publicMessage: 'Google Calendar no longer lets us in: connect the calendar again.',
  });
}

/** Whether an error is a refusal by Google: the connection is broken until the owner mends it. */
export function isBroken(error: unknown): boolean {
  return error instanceof AppError && error.code === 'not_configured';
}
