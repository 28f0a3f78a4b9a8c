// What is said in a call that runs, as it is said: read out as it comes, and its end kept in sight.

import { useFollowEnd } from '../lib/use-follow-end.ts';
import { texts } from '../texts/texts.ts';
import { Card } from '../ui/card.tsx';
import { TurnList } from './turn-list.tsx';
import type { TurnListProps } from './turn-list.tsx';

export interface RunningTranscriptProps extends Pick<TurnListProps, 'turns' | 'zone'> {
  readonly settled: string;
  readonly interim: string;
  /** In place of it, until something has been said. */
  readonly none: string;
}

export function RunningTranscript({ none, ...said }: RunningTranscriptProps) {
  const { turns, settled, interim } = said;
  const end = useFollowEnd(
    `${turns.length} ${turns.at(-1)?.tools.length ?? 0} ${settled} ${interim}`,
  );
  return (
    <Card title={texts.conversations.transcript}>
      <div aria-live="polite">
        {turns.length === 0 && settled === '' && interim === '' ? (
          <p className="text-sm text-faint">{none}</p>
        ) : (
          <TurnList {...said} />
        )}
      </div>
      <div ref={end} className="scroll-mb-24" />
    </Card>
  );
}
