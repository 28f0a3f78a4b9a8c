// What went wrong, in words for people: at a field where the server names one, otherwise as one sentence.

import { texts } from '../texts/texts.ts';

interface Refusal {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter?: number | undefined;
}

function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && typeof (error as Partial<Refusal>).status === 'number';
}

export function statusOf(error: unknown): number | undefined {
  return isRefusal(error) ? error.status : undefined;
}

/** Whether the server has decided: asked the same once more it would be another request. */
export function isAnswered(error: unknown): boolean {
  if (!isRefusal(error)) return false;
  return error.status < 500 && error.retryAfter === undefined;
}

/** One sentence. */
export function explain(error: unknown): string {
  if (!isRefusal(error)) return texts.failures.unreachable;
  const { status, body, retryAfter } = error;
  if (status === 429) return texts.failures.tooMany(retryAfter ?? 60);
  if (status === 409 && retryAfter !== undefined) return texts.failures.stillRuns;
  const detail = (body as { detail?: unknown } | null)?.detail;
  if (typeof detail === 'string' && detail !== '') return detail;
  const faults = faultsOf(error);
  const first = Object.values(faults)[0];
  if (first !== undefined) return first;
  return status >= 500 ? texts.failures.ours : texts.failures.refused;
}

/** Fields with what is wrong with them; empty when no field is named. */
export function faultsOf(error: unknown): Readonly<Record<string, string>> {
  if (!isRefusal(error) || error.status !== 400) return {};
  const faults: Record<string, string> = {};
  for (const [field, said] of Object.entries((error.body as object | null) ?? {})) {
    if (field === 'detail') continue;
    if (Array.isArray(said) && said.every((each) => typeof each === 'string')) {
      faults[field] = said.join(' ');
    }
  }
  return faults;
}
