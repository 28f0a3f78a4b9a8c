// A form in a dialog: it closes when what was typed is stored or what it is about is deleted, and says otherwise what is wrong.

import { useId, useState } from 'react';
import type { ReactNode, SyntheticEvent } from 'react';
import { Trash2 } from 'lucide-react';
import { explain } from '../lib/failures.ts';
import type { Form } from '../lib/use-form.ts';
import { texts } from '../texts/texts.ts';
import { Button } from './button.tsx';
import { useStillHere } from '../lib/use-still-here.ts';
import { useUnsaved } from '../lib/use-unsaved.ts';
import { useConfirm } from './confirm.tsx';
import { Dialog } from './dialog.tsx';
import type { DialogProps } from './dialog.tsx';
import { FieldError } from './field.tsx';
import { useToasts } from './toasts.tsx';

/** How what the form is about can be deleted. */
export interface Removal {
  /** Asked before. */
  readonly title: string;
  readonly text?: string;
  remove(): Promise<unknown>;
  /** Said after. */
  readonly done: string;
}

export interface FormDialogProps extends Omit<DialogProps, 'footer' | 'children'> {
  readonly form: Pick<Form<object>, 'dirty' | 'refused'>;
  /** Rejects with the server's refusal; `false`: there is something to mend first. */
  readonly save: () => Promise<unknown>;
  /** Said when it is stored. */
  readonly saved?: string;
  /** On the button, in place of "Save". */
  readonly action?: string;
  /** Whether it can be saved; unless given, when something has been changed. */
  readonly ready?: boolean;
  readonly removal?: Removal | undefined;
  readonly children: ReactNode;
}

export function FormDialog({
  form,
  save,
  saved,
  action = texts.ui.save,
  ready = form.dirty,
  removal,
  children,
  ...dialog
}: FormDialogProps) {
  const { onClose } = dialog;
  const id = useId();
  const toasts = useToasts();
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const confirm = useConfirm();
  useUnsaved(form.dirty && !pending);
  const isStillHere = useStillHere();
  /** Whoever did not wait for the answer may have opened another dialog, which is not ours to close. */
  const done = (said: string | undefined) => {
    if (said !== undefined) toasts.done(said);
    if (isStillHere()) onClose();
  };
  /** A click beside it, or Escape, is made by mistake more easily than it is typed again. */
  const close = async () => {
    const leave = {
      title: texts.ui.unsavedQuestion,
      text: texts.ui.unsavedInDialog,
      action: texts.ui.discard,
      danger: true,
    };
    if (pending || (form.dirty && !(await confirm(leave)))) return;
    onClose();
  };
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setPending(true);
    setFailure(undefined);
    try {
      if ((await save()) === false) return;
      done(saved);
    } catch (error) {
      if (!isStillHere()) toasts.failed(error);
      else if (!form.refused(error)) setFailure(error);
    } finally {
      setPending(false);
    }
  };
  return (
    <Dialog
      {...dialog}
      onClose={() => void close()}
      footer={
        <>
          {removal && <Remove removal={removal} onDeleted={done} />}
          <Button onClick={onClose}>{texts.ui.cancel}</Button>
          <Button type="submit" form={id} look="primary" disabled={!ready} pending={pending}>
            {action}
          </Button>
        </>
      }
    >
      <form id={id} className="space-y-4" noValidate onSubmit={(event) => void submit(event)}>
        {children}
        {failure !== undefined && <FieldError>{explain(failure)}</FieldError>}
      </form>
    </Dialog>
  );
}

function Remove({
  removal,
  onDeleted,
}: {
  readonly removal: Removal;
  readonly onDeleted: (said: string) => void;
}) {
  const { title, text } = removal;
  const confirm = useConfirm();
  const toasts = useToasts();
  const [pending, setPending] = useState(false);
  const act = async () => {
    if (!(await confirm({ title, text, action: texts.ui.delete, danger: true }))) return;
    setPending(true);
    try {
      await removal.remove();
      onDeleted(removal.done);
    } catch (error) {
      toasts.failed(error);
    } finally {
      setPending(false);
    }
  };
  return (
    <Button
      look="quiet"
      icon={Trash2}
      className="mr-auto text-bad"
      pending={pending}
      onClick={() => void act()}
    >
      {texts.ui.delete}
    </Button>
  );
}
