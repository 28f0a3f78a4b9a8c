// Where the focus goes when another page is shown: to its content, so that it is read out and Tab goes on from there.

import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** The element takes the focus with each new `page` but the first, unless something within it has it already. */
export function usePageFocus(page: string): RefObject<HTMLElement | null> {
  const content = useRef<HTMLElement>(null);
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    const { current } = content;
    if (!current || current.contains(document.activeElement)) return;
    // A dialog keeps it, and gives it back to where it was.
    if (document.querySelector('dialog[open]')) return;
    current.focus({ preventScroll: true });
  }, [page]);
  return content;
}
