// A value that follows another once that has rested: what is typed is searched when the typing pauses.

import { useEffect, useState } from 'react';
import { after } from './clock.ts';

const REST_MS = 250;

export function useLater<T>(value: T, ms = REST_MS): T {
  const [later, setLater] = useState(value);
  useEffect(() => after(ms, () => setLater(value)), [value, ms]);
  return later;
}
