// Whether a component is still shown, for what goes on after an answer has come: by then another may stand in its place.

import { useCallback, useEffect, useRef } from 'react';

export function useStillHere(): () => boolean {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return useCallback(() => here.current, []);
}
