// Asks before something is done that cannot be taken back.

import { createContext, useCallback, useContext, useState } from 'react';
import type { ReactNode } from 'react';
import { texts } from '../texts/texts.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

export interface Question {
  readonly title: string;
  readonly text?: ReactNode;
  /** On the button that does it: a verb. */
  readonly action: string;
  readonly danger?: boolean;
}

type Ask = (question: Question) => Promise<boolean>;
const Asking = createContext<Ask>(() => Promise.resolve(false));

/** Gives a function that asks and resolves with the answer. */
export function useConfirm(): Ask {
  return useContext(Asking);
}

export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState<{ question: Question; answer: (yes: boolean) => void }>();
  const ask = useCallback<Ask>(
    (question) => new Promise((resolve) => setOpen({ question, answer: resolve })),
    [],
  );
  const answer = (yes: boolean) => {
    open?.answer(yes);
    setOpen(undefined);
  };
  return (
    <Asking value={ask}>
      {children}
      {open && (
        <Dialog
          title={open.question.title}
          description={open.question.text}
          onClose={() => answer(false)}
          footer={
            <>
              <Button onClick={() => answer(false)}>{texts.ui.cancel}</Button>
              <Button
                look={open.question.danger ? 'danger' : 'primary'}
                onClick={() => answer(true)}
              >
                {open.question.action}
              </Button>
            </>
          }
        />
      )}
    </Asking>
  );
}
