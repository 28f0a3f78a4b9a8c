// A question or a form above the page: the browser's own dialog, which keeps the focus and closes with Escape.

import { createContext, useContext, useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { X } from 'lucide-react';
import { classes } from '../lib/class-names.ts';
import { texts } from '../texts/texts.ts';
import { IconButton } from './button.tsx';
import { ToastPlace } from './toasts.tsx';

/** What somebody begins to type in; a file is chosen. */
const FIRST_FIELD = 'input:not([type="file"]), textarea, select';

const Container = createContext<HTMLElement | null>(null);

/** Where menus go: a dialog lies above everything that is not inside it. */
export function usePortalContainer(): HTMLElement | null {
  return useContext(Container);
}

export interface DialogProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly wide?: boolean;
  /** By Escape, the cross, or a click beside it. */
  readonly onClose: () => void;
  readonly children?: ReactNode;
  /** The buttons, the one that does it last. */
  readonly footer?: ReactNode;
}

/** Is open while it is rendered. The focus goes to its first field, where it has one, and back when it closes. */
export function Dialog({
  title,
  description,
  wide = false,
  onClose,
  children,
  footer,
}: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const gone = useRef(false);
  const [container, setContainer] = useState<HTMLElement | null>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    gone.current = false;
    const before = document.activeElement;
    dialog?.showModal();
    // `autoFocus` comes too early for a dialog: React sees to it before it is open.
    dialog?.querySelector<HTMLElement>(FIRST_FIELD)?.focus();
    setContainer(dialog);
    return () => {
      gone.current = true;
      dialog?.close();
      // What led here may be gone with what was done: then on with the page.
      const back = before?.isConnected ? before : document.querySelector('#content');
      if (back instanceof HTMLElement) back.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-description` : undefined}
      className={classes(
        'fixed inset-x-0 top-auto bottom-0 m-0 mx-auto max-h-[88dvh] w-full max-w-full overflow-hidden rounded-t-2xl',
        'border border-line bg-surface p-0 shadow-raised open:flex open:animate-rise open:flex-col',
        'sm:inset-0 sm:m-auto sm:h-fit sm:rounded-2xl',
        wide ? 'sm:max-w-2xl' : 'sm:max-w-md',
      )}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={() => {
        // A second Escape in a row the browser takes for its own: it closes without asking. Whether it may is not its to say.
        if (gone.current || !ref.current || ref.current.open) return;
        ref.current.showModal();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-1">
        <div>
          <h2 id={`${id}-title`} className="text-lg font-semibold">
            {title}
          </h2>
          {description && (
            <div id={`${id}-description`} className="mt-1 text-sm text-muted">
              {description}
            </div>
          )}
        </div>
        <IconButton icon={X} label={texts.ui.close} size="small" onClick={onClose} />
      </header>
      {children && (
        <div className="min-h-0 flex-1 overflow-y-auto px-5 py-3">
          <Container value={container}>{children}</Container>
        </div>
      )}
      {footer && (
        <footer className="flex flex-wrap justify-end gap-2 px-5 pt-2 pb-[max(1rem,env(safe-area-inset-bottom))]">
          {footer}
        </footer>
      )}
      <ToastPlace />
    </dialog>
  );
}
