// How a conversation ended, as a badge.

import { useNow } from '../lib/use-now.ts';
import { texts } from '../texts/texts.ts';
import { Badge } from './badge.tsx';
import type { Tone } from './badge.tsx';

const tones: Readonly<Record<string, Tone>> = {
  booked: 'good',
  rescheduled: 'good',
  cancelled: 'neutral',
  message: 'accent',
  transferred: 'accent',
  missed: 'warn',
  left_message: 'accent',
  no_credit: 'warn',
  failed: 'bad',
};

/** A chat is left without a word: quiet for longer than this, it may be over. */
const QUIET_MS = 60_000;

export interface OutcomeProps {
  /** Null: it is still going on. */
  readonly outcome: string | null;
  /** Of a chat that is: when it was last answered. */
  readonly quietSince?: string | null | undefined;
}

export function Outcome({ outcome, quietSince = null }: OutcomeProps) {
  const nowMs = useNow(QUIET_MS);
  if (outcome === null) {
    const quietMs = quietSince === null ? 0 : nowMs - Date.parse(quietSince);
    if (quietMs >= QUIET_MS)
      return <Badge>{texts.calls.quiet(Math.floor(quietMs / QUIET_MS))}</Badge>;
    return (
      <Badge tone="good" live>
        {texts.calls.running}
      </Badge>
    );
  }
  return (
    <Badge tone={tones[outcome] ?? 'neutral'}>{texts.calls.outcomes[outcome] ?? outcome}</Badge>
  );
}
