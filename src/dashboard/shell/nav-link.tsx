// One page in the navigation.

import { Link, useLocation } from 'wouter';
import { classes } from '../lib/class-names.ts';
import { hrefOf, isAt } from './navigation.ts';
import type { Place } from './navigation.ts';

export interface NavLinkProps {
  readonly place: Place;
  readonly clientId: string | undefined;
  /** How many there are to look at. */
  readonly count?: number;
  readonly onGo?: () => void;
}

export function NavLink({ place, clientId, count = 0, onGo }: NavLinkProps) {
  const [path] = useLocation();
  const here = isAt(place, path);
  const { icon: Icon, label } = place;
  return (
    <Link
      href={hrefOf(place, clientId)}
      aria-current={here ? 'page' : undefined}
      onClick={onGo}
      className={classes(
        'flex h-8.5 items-center gap-2.5 rounded-lg px-2.5 text-sm transition-colors duration-100',
        here ? 'bg-hover font-medium text-ink' : 'text-muted hover:bg-hover/70 hover:text-ink',
      )}
    >
      <Icon size={17} aria-hidden className={here ? 'text-accent-text' : 'text-faint'} />
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {count > 0 && (
        <span className="numbers rounded-md bg-accent-soft px-1.5 text-xs font-medium text-accent-text">
          {count > 99 ? '99+' : count}
        </span>
      )}
    </Link>
  );
}
