// Light, dark, or as the system has it: chosen here, applied by /theme.js.

import { useSyncExternalStore } from 'react';
import { recall, remember } from './remembered.ts';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'theme';

function chosen(): Theme {
  const theme = recall(KEY);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

function subscribe(changed: () => void): () => void {
  addEventListener('themechange', changed);
  return () => removeEventListener('themechange', changed);
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  return [
    useSyncExternalStore(subscribe, chosen),
    (theme) => {
      remember(KEY, theme);
      dispatchEvent(new Event('themechange'));
    },
  ];
}
