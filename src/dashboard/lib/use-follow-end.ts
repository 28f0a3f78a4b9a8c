// Keeps the end of something that grows in sight, for whoever is there; who has scrolled up to read is left alone.

import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** So far below the window its end is still looked at. */
const NEAR_PX = 240;

/** For an element at the end; `state` is another one whenever something was added. */
export function useFollowEnd(state: unknown): RefObject<HTMLDivElement | null> {
  const end = useRef<HTMLDivElement>(null);
  // As it was before the latest came: that alone may be taller than what is near.
  const isNear = useRef(true);
  useEffect(() => {
    const look = () => {
      if (end.current)
        isNear.current = end.current.getBoundingClientRect().top < innerHeight + NEAR_PX;
    };
    look();
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  }, []);
  useEffect(() => {
    if (isNear.current) end.current?.scrollIntoView({ block: 'nearest' });
  }, [state]);
  return end;
}
