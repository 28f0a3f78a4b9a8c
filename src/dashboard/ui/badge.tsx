// A word or two about a state, in its colour and never by colour alone.

import type { ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import { classes } from '../lib/class-names.ts';

export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad';

const tones: Readonly<Record<Tone, string>> = {
  neutral: 'bg-hover text-muted',
  accent: 'bg-accent-soft text-accent-text',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};

export interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
  /** A dot that pulses: it is going on now. */
  readonly live?: boolean;
  readonly children: ReactNode;
  readonly className?: string;
}

export function Badge({
  tone = 'neutral',
  icon: Icon,
  live = false,
  children,
  className,
}: BadgeProps) {
  return (
    <span
      className={classes(
        'inline-flex h-5.5 items-center gap-1 rounded-md px-1.5 text-xs font-medium whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {live && <span aria-hidden className="size-1.5 animate-pulse-soft rounded-full bg-current" />}
      {Icon && <Icon size={13} aria-hidden />}
      {children}
    </span>
  );
}
