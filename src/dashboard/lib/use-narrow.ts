// Whether the window is that of a phone.

import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 767px)');

function subscribe(changed: () => void): () => void {
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
