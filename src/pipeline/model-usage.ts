// Token counts as vendors report them: what cannot be a count is none, so that it costs nobody a turn or money.

import type { ModelUsage } from './types.ts';

/** Of one answer. No model reads or writes as much. */
const TOKENS_MAX = 10_000_000;

/** Undefined where either is missing or makes no sense. */
export function readUsage(inputTokens: unknown, outputTokens: unknown): ModelUsage | undefined {
  return isCount(inputTokens) && isCount(outputTokens) ? { inputTokens, outputTokens } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= TOKENS_MAX;
}
