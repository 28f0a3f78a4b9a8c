// What the server has stored of a call, asked after it has ended.

import type { SandboxState } from '../../sandbox/state-file.ts';

/** The part of the server's record that is shown. Times are ISO 8601. */
export interface CallRecord {
  readonly outcome: string | null;
  readonly booking: {
    readonly startsAt: string;
    readonly name: string;
    readonly status: string;
  } | null;
  readonly ledger: readonly { readonly kind: string; readonly seconds: number }[];
  readonly balanceSeconds: number;
}

/** The server settles a call after the line has gone. */
const TRIES_MAX = 20;
const TRY_MS = 250;

/**
 * The record of `callSid`, from `GET {records.url}/{callSid}` with the token of sandbox.json; it answers 404 until the call
 * is settled. Undefined where the server offers no records or has none.
 */
export async function findCallRecord(
  { records }: SandboxState,
  callSid: string,
): Promise<CallRecord | undefined> {
  if (!records) return undefined;
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const response = await fetch(`${records.url}/${callSid}`, {
      headers: { authorization: `Bearer ${records.token}` },
    });
    if (response.ok) return (await response.json()) as CallRecord;
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
  return undefined;
}
