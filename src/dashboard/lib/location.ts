// Where the page is, for the router; and the guard that asks before unsaved changes are left behind.

import { useEffect } from 'react';
import type { BaseLocationHook } from 'wouter';
import { useBrowserLocation } from 'wouter/use-browser-location';

type Ask = () => Promise<boolean>;

/** Of a page and, above it, of a dialog on it: the last one asks for both. */
const guards: Ask[] = [];
/** Where the guarded page is: the address bar is ahead of it for a moment when somebody goes back. */
let guardedAddress = '';
let leaving = false;

/** A navigation waits for the guard's word. */
export const useGuardedLocation: BaseLocationHook = () => {
  const [path, navigate] = useBrowserLocation();
  const guarded: typeof navigate = (to, options) => {
    const go = () => {
      navigate(to, options);
      // A new page begins at its top, as it would without scripts.
      if (!options?.replace && new URL(to, location.href).pathname !== path) scrollTo(0, 0);
    };
    const guard = guards.at(-1);
    if (!guard || isSamePage(to)) return go();
    void guard().then((leave) => {
      if (!leave) return;
      guards.length = 0;
      go();
    });
  };
  return [path, guarded];
};

function isSamePage(to: string | URL): boolean {
  return new URL(to, location.href).pathname === location.pathname;
}

// Before the router's own: it must not see a step that is taken back.
addEventListener(
  'popstate',
  (event) => {
    const asked = guards.at(-1);
    if (leaving || !asked || location.href === guardedAddress) {
      leaving = false;
      return;
    }
    event.stopImmediatePropagation();
    history.pushState(null, '', guardedAddress);
    void asked().then((leave) => {
      if (!leave) return;
      guards.length = 0;
      leaving = true;
      history.back();
    });
  },
  { capture: true },
);

/** Whether there is something on the page that leaving it would lose. */
export function hasUnsaved(): boolean {
  return guards.length > 0;
}

/** While `unsaved`, leaving the page asks first: within the dashboard by `ask`, otherwise by the browser. */
export function useLeaveGuard(unsaved: boolean, ask: Ask): void {
  useEffect(() => {
    if (!unsaved) return;
    // A function of its own: a page and its dialog ask in the same words.
    const mine: Ask = () => ask();
    guards.push(mine);
    guardedAddress = location.href;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => {
      const place = guards.indexOf(mine);
      if (place !== -1) guards.splice(place, 1);
      removeEventListener('beforeunload', warn);
    };
  }, [unsaved, ask]);
}
