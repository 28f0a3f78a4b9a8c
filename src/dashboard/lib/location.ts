// Where the page is, for the router; and the guard that asks before unsaved changes are left behind.

import { useEffect } from 'react';
import type { BaseLocationHook } from 'wouter';
import { useBrowserLocation } from 'wouter/use-browser-location';

type Ask = () => Promise<boolean>;

let guard: Ask | undefined;
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
    if (!guard || isSamePage(to)) return go();
    void guard().then((leave) => {
      if (!leave) return;
      guard = undefined;
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
    if (leaving || !guard || location.href === guardedAddress) {
      leaving = false;
      return;
    }
    event.stopImmediatePropagation();
    const asked = guard;
    history.pushState(null, '', guardedAddress);
    void asked().then((leave) => {
      if (!leave) return;
      guard = undefined;
      leaving = true;
      history.back();
    });
  },
  { capture: true },
);

/** While `unsaved`, leaving the page asks first: within the dashboard by `ask`, otherwise by the browser. */
export function useLeaveGuard(unsaved: boolean, ask: Ask): void {
  useEffect(() => {
    if (!unsaved) return;
    const mine = ask;
    guard = mine;
    guardedAddress = location.href;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => {
      if (guard === mine) guard = undefined;
      removeEventListener('beforeunload', warn);
    };
  }, [unsaved, ask]);
}
