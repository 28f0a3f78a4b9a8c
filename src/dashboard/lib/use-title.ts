// The title of the browser's tab.

import { useEffect } from 'react';
import { texts } from '../texts/texts.ts';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${texts.shell.product}`;
  }, [title]);
}
