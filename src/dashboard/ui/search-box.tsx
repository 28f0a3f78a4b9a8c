// A box to search a list with.

import { Search } from 'lucide-react';
import { classes } from '../lib/class-names.ts';
import { Input } from './field.tsx';

/** As the server takes them. */
const CHARACTERS_MAX = 100;

export interface SearchBoxProps {
  /** Also for screen readers. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string;
}

export function SearchBox({ label, value, onChange, className }: SearchBoxProps) {
  return (
    <div role="search" className={classes('relative', className)}>
      <Search
        size={15}
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-faint"
      />
      <Input
        type="search"
        maxLength={CHARACTERS_MAX}
        aria-label={label}
        placeholder={label}
        className="pl-8.5"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
