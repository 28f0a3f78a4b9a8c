// The present moment as something to show: renders again as it passes.

import { useEffect, useState } from 'react';
import { every, now } from './clock.ts';

/** Milliseconds since 1970, at most `ms` old. */
export function useNow(ms = 1000): number {
  const [at, setAt] = useState(now);
  useEffect(() => every(ms, () => setAt(now())), [ms]);
  return at;
}
