// Leaving for the page of another site, which may be slow to come: until then the button that leads there is at work.

import { useCallback, useEffect, useState } from 'react';

/** Whether the page is being left, and what leaves it. Who comes back by the browser's Back finds it as it was before. */
export function useLeaving(): readonly [boolean, (address: string) => void] {
  const [isLeaving, setLeaving] = useState(false);
  useEffect(() => {
    const shown = () => setLeaving(false);
    addEventListener('pageshow', shown);
    return () => removeEventListener('pageshow', shown);
  }, []);
  const leave = useCallback((address: string) => {
    setLeaving(true);
    location.assign(address);
  }, []);
  return [isLeaving, leave];
}
