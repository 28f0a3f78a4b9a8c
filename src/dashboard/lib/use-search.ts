// What a list is searched for: in the address, so that it can be sent to somebody, and asked for when the typing pauses.

import { useSearchParams } from 'wouter';
import { useLater } from './use-later.ts';

export interface Search {
  readonly typed: string;
  readonly type: (typed: string) => void;
  /** As it is asked for; empty: everything. */
  readonly words: string;
  /** The query of a list. */
  readonly query: { readonly q?: string };
}

export function useSearch(): Search {
  const [address, setAddress] = useSearchParams();
  const typed = address.get('q') ?? '';
  const type = (next: string) =>
    setAddress(
      (before) => {
        const after = new URLSearchParams(before);
        if (next === '') after.delete('q');
        else after.set('q', next);
        return after;
      },
      { replace: true },
    );
  const words = useLater(typed.trim());
  return { typed, type, words, query: words === '' ? {} : { q: words } };
}
