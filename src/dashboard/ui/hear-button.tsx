// Plays a sentence, and stops it.

import { Square, Volume2 } from 'lucide-react';
import { texts } from '../texts/texts.ts';
import { Button } from './button.tsx';

export interface HearButtonProps {
  readonly label: string;
  readonly state: 'idle' | 'loading' | 'playing';
  readonly onPlay: () => void;
  readonly onStop: () => void;
}

export function HearButton({ label, state, onPlay, onStop }: HearButtonProps) {
  return (
    <Button
      size="small"
      icon={state === 'playing' ? Square : Volume2}
      pending={state === 'loading'}
      onClick={state === 'playing' ? onStop : onPlay}
    >
      {state === 'playing' ? texts.settings.stopHearing : label}
    </Button>
  );
}
