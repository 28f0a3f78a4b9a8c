// The pages of one thing side by side, each with an address of its own.

import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { classes } from '../lib/class-names.ts';

export interface TabLinksProps {
  readonly label: string;
  readonly tabs: readonly { readonly href: string; readonly label: string }[];
}

export function TabLinks({ label, tabs }: TabLinksProps) {
  const [path] = useLocation();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const here = nav.current?.querySelector('[aria-current]');
    here?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [path]);
  return (
    <nav ref={nav} aria-label={label} className="mb-5 -mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0">
      <ul className="flex gap-1 border-b border-line">
        {tabs.map(({ href, label: name }) => {
          const here = path === href;
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                className={classes(
                  '-mb-px block border-b-2 px-2.5 pt-1 pb-2.5 text-sm whitespace-nowrap transition-colors',
                  here
                    ? 'border-accent font-medium text-ink'
                    : 'border-transparent text-muted hover:text-ink',
                )}
              >
                {name}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
