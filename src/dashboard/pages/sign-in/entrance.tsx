// The frame of the pages before the dashboard: a form, and beside it what the product does.

import type { ReactNode } from 'react';
import { CalendarCheck } from 'lucide-react';
import { classes } from '../../lib/class-names.ts';
import { texts } from '../../texts/texts.ts';
import { Mark } from '../../ui/mark.tsx';

export function Entrance({
  title,
  hint,
  children,
}: {
  readonly title: string;
  readonly hint: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <main className="flex flex-col px-5 py-6 sm:px-8">
        <p className="flex items-center gap-2.5 text-base font-semibold tracking-tight">
          <Mark />
          {texts.shell.product}
        </p>
        <div className="mx-auto flex w-full max-w-sm flex-1 animate-appear flex-col justify-center py-10">
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          <p className="mt-1.5 text-base text-muted">{hint}</p>
          {children}
        </div>
      </main>
      <aside className="flex items-center justify-center border-l border-line bg-sunken p-10 max-lg:hidden">
        <div className="max-w-md">
          <p className="text-2xl font-semibold tracking-tight text-balance">{texts.signIn.pitch}</p>
          <p className="mt-2 text-base text-muted text-pretty">{texts.signIn.pitchText}</p>
          <ol className="mt-8 space-y-3 rounded-2xl border border-line bg-surface p-5 shadow-raised">
            {texts.signIn.pitchLines.map(([at, words, who]) => (
              <li key={at} className={classes('flex', who === 'caller' && 'justify-end')}>
                <span
                  className={classes(
                    'max-w-[85%] rounded-2xl px-3.5 py-2 text-sm',
                    who === 'caller' ? 'bg-hover' : 'bg-accent-soft text-accent-text',
                  )}
                >
                  {words}
                </span>
              </li>
            ))}
            <li className="flex items-center gap-2 pt-1 text-sm font-medium text-good">
              <CalendarCheck size={17} aria-hidden />
              {texts.signIn.pitchBooked}
            </li>
          </ol>
        </div>
      </aside>
    </div>
  );
}
