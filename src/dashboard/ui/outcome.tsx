// How a conversation ended, as a badge.

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
  no_credit: 'warn',
  failed: 'bad',
};

/** `outcome` null: it is still going on. */
export function Outcome({ outcome }: { readonly outcome: string | null }) {
  if (outcome === null) {
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
