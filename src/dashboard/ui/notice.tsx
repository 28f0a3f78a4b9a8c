// Something the reader of a page should know before going on.

import type { ReactNode } from 'react';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { classes } from '../lib/class-names.ts';

const looks = {
  info: { style: 'border-line bg-sunken', icon: Info, ink: 'text-muted' },
  good: { style: 'border-good/25 bg-good-soft', icon: CircleCheck, ink: 'text-good' },
  warn: { style: 'border-warn/25 bg-warn-soft', icon: TriangleAlert, ink: 'text-warn' },
  bad: { style: 'border-bad/25 bg-bad-soft', icon: CircleAlert, ink: 'text-bad' },
} as const;

export interface NoticeProps {
  readonly tone?: keyof typeof looks;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly className?: string;
}

export function Notice({ tone = 'info', title, children, action, className }: NoticeProps) {
  const { style, icon: Icon, ink } = looks[tone];
  return (
    <div
      role={tone === 'info' ? undefined : tone === 'good' ? 'status' : 'alert'}
      className={classes(
        'flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border px-3.5 py-3 text-sm',
        style,
        className,
      )}
    >
      <Icon size={17} aria-hidden className={classes('shrink-0', ink)} />
      <div className="min-w-0 flex-1 basis-52">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className={title ? 'text-muted' : undefined}>{children}</div>}
      </div>
      {action}
    </div>
  );
}
