// A piece of a page in a frame of its own, with a heading where it has one.

import type { ReactNode } from 'react';
import { classes } from '../lib/class-names.ts';

export interface CardProps {
  readonly title?: ReactNode;
  readonly description?: ReactNode;
  /** On the right of the heading. */
  readonly action?: ReactNode;
  /** The content goes to the edges: a table, or a list. */
  readonly flush?: boolean;
  readonly children?: ReactNode;
  readonly className?: string;
}

export function Card({
  title,
  description,
  action,
  flush = false,
  children,
  className,
}: CardProps) {
  return (
    <section
      className={classes('min-w-0 rounded-xl border border-line bg-surface shadow-card', className)}
    >
      {title !== undefined && (
        <header
          className={classes(
            'flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 sm:px-5',
            flush ? 'min-h-12 py-2' : children === undefined ? 'py-4' : 'pt-4',
          )}
        >
          <div className="min-w-0">
            <h2 className="text-base font-semibold">{title}</h2>
            {description && <p className="mt-0.5 text-sm text-muted">{description}</p>}
          </div>
          {action}
        </header>
      )}
      {children !== undefined && (
        <div className={flush ? 'border-t border-line first:border-t-0' : 'p-4 sm:p-5'}>
          {children}
        </div>
      )}
    </section>
  );
}

/** One figure with its name. */
export function Stat({
  label,
  value,
  note,
  className,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div
      className={classes(
        'min-w-0 rounded-xl border border-line bg-surface px-4 py-3.5 shadow-card',
        className,
      )}
    >
      <p className="line-clamp-2 text-sm text-muted">{label}</p>
      <p className="numbers mt-1 text-xl font-semibold">{value}</p>
      {note && <div className="mt-0.5 text-xs text-faint">{note}</div>}
    </div>
  );
}
