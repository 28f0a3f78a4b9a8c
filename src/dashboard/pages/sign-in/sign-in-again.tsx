// The sign-in over a page with something unsaved: the page stays as it is, out of sight and out of reach, until its user is back.

import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import { ToastPlace } from '../../ui/toasts.tsx';

export function SignInAgain({ children }: { readonly children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    const title = document.title;
    dialog?.showModal();
    return () => {
      dialog?.close();
      document.title = title;
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      aria-label={texts.signIn.ended}
      className="m-0 h-dvh max-h-none w-screen max-w-none overflow-y-auto bg-canvas p-0 text-ink"
      onCancel={(event) => event.preventDefault()}
      onClose={() => {
        // A second Escape in a row closes without asking: nobody gets behind it like that.
        if (ref.current?.isConnected && !ref.current.open) ref.current.showModal();
      }}
    >
      {children}
      <ToastPlace />
    </dialog>
  );
}
