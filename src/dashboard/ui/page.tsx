// The frame of every page: its title (also the tab's), where it belongs, what can be done, and its content.

import type { ReactNode } from 'react';
import { ChevronLeft } from 'lucide-react';
import { Link } from 'wouter';
import { classes } from '../lib/class-names.ts';
import { useTitle } from '../lib/use-title.ts';

export interface PageProps {
  readonly title: string;
  /** Of the browser's tab, where it is not the same. */
  readonly tabTitle?: string;
  /** Beside the title, such as a badge. */
  readonly mark?: ReactNode;
  readonly description?: ReactNode;
  /** The page above this one. */
  readonly back?: { readonly href: string; readonly label: string };
  readonly actions?: ReactNode;
  /** Lines of text are read best in a narrow column; tables take all the room. */
  readonly width?: 'narrow' | 'usual' | 'full';
  readonly children: ReactNode;
}

const widths = { narrow: 'max-w-3xl', usual: 'max-w-6xl', full: 'max-w-none' } as const;

export function Page({
  title,
  tabTitle = title,
  mark,
  description,
  back,
  actions,
  width = 'usual',
  children,
}: PageProps) {
  useTitle(tabTitle);
  return (
    <div
      className={classes(
        'mx-auto w-full animate-appear px-4 pt-5 pb-10 sm:px-6 lg:px-8 lg:pt-7',
        widths[width],
      )}
    >
      {back && (
        <Link
          href={back.href}
          className="-ml-1 mb-2 inline-flex items-center gap-0.5 rounded-md pr-1.5 text-sm text-muted hover:text-ink"
        >
          <ChevronLeft size={16} aria-hidden />
          {back.label}
        </Link>
      )}
      <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
            {mark}
          </div>
          {description && <div className="mt-1 text-sm text-muted">{description}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
