// What a page shows instead of its content: nothing yet, on the way, or not to be had.

import type { ReactNode } from 'react';
import { CloudOff, RotateCw } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { classes } from '../lib/class-names.ts';
import { explain, statusOf } from '../lib/failures.ts';
import { texts } from '../texts/texts.ts';
import { Button, LinkButton } from './button.tsx';

export interface EmptyProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  /** What to do about it. */
  readonly action?: ReactNode;
  /** Within a card among others. */
  readonly compact?: boolean;
  readonly className?: string;
}

export function Empty({
  icon: Icon,
  title,
  children,
  action,
  compact = false,
  className,
}: EmptyProps) {
  return (
    <div
      className={classes(
        'flex animate-appear flex-col items-center justify-center px-6 text-center',
        compact ? 'py-8' : 'py-16',
        className,
      )}
    >
      <span className="mb-3 flex size-10 items-center justify-center rounded-full border border-line bg-sunken text-faint">
        <Icon size={19} aria-hidden />
      </span>
      <p className="text-base font-medium">{title}</p>
      {children && <div className="mt-1 max-w-sm text-sm text-muted">{children}</div>}
      {action && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** What could not be loaded, and another try. */
export function Failure({
  error,
  retry,
  className,
}: {
  readonly error: unknown;
  readonly retry?: (() => void) | undefined;
  readonly className?: string;
}) {
  const missing = statusOf(error) === 404;
  return (
    <div role="alert">
      <Empty
        icon={CloudOff}
        title={missing ? texts.failures.notFound : texts.failures.notLoaded}
        {...(className && { className })}
        action={
          missing ? (
            <LinkButton href="/">{texts.shell.toHome}</LinkButton>
          ) : (
            retry && (
              <Button icon={RotateCw} onClick={retry}>
                {texts.ui.tryAgain}
              </Button>
            )
          )
        }
      >
        {missing ? texts.failures.notFoundHint : explain(error)}
      </Empty>
    </div>
  );
}

/** Grey bars in the place of what is on its way. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <span
      aria-hidden
      className={classes('block animate-pulse-soft rounded-md bg-hover', className)}
    />
  );
}

/** As many lines of grey bars as a list would have. */
export function SkeletonRows({
  rows = 5,
  className,
}: {
  readonly rows?: number;
  readonly className?: string;
}) {
  return (
    <div role="status" aria-label={texts.ui.loading} className={classes('space-y-px', className)}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-4 px-4 py-3.5">
          <Skeleton className="h-3.5 w-1/4" />
          <Skeleton className="h-3.5 w-1/3" />
          <Skeleton className="ml-auto h-3.5 w-14" />
        </div>
      ))}
    </div>
  );
}
