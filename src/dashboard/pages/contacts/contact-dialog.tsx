// One contact: added, changed, deleted, and the way to what was said.

import { useId } from 'react';
import type { SyntheticEvent } from 'react';
import { MessagesSquare, Trash2 } from 'lucide-react';
import { useChange } from '../../lib/api.ts';
import { formatPhone } from '../../lib/format.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, TextArea } from '../../ui/field.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { Contact } from './contacts-page.tsx';

export interface ContactDialogProps {
  readonly clientId: string;
  /** Undefined: a new one. */
  readonly contact: Contact | undefined;
  readonly onClose: () => void;
}

const refreshes = ['GET /api/clients/{client_id}/contacts'] as const;

export function ContactDialog({ clientId, contact, onClose }: ContactDialogProps) {
  const { name = '', phone_number: number = '', notes = '' } = contact ?? {};
  const form = useForm({ name, phone_number: number, notes });
  const create = useChange('POST /api/contacts', { refreshes });
  const change = useChange('PATCH /api/contacts/{contact_id}', { refreshes });
  const toasts = useToasts();
  const id = useId();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      if (contact) {
        await change.mutateAsync({ params: { contact_id: contact.id }, body: form.changes });
      } else {
        await create.mutateAsync({ body: { client_id: clientId, ...form.values } });
      }
      toasts.done(contact ? texts.contacts.saved : texts.contacts.added);
      onClose();
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  return (
    <Dialog
      title={contact ? texts.contacts.edit : texts.contacts.add}
      onClose={onClose}
      footer={
        <>
          {contact && <Remove contact={contact} onDeleted={onClose} />}
          <Button onClick={onClose}>{texts.ui.cancel}</Button>
          <Button
            type="submit"
            form={id}
            look="primary"
            disabled={!form.dirty}
            pending={create.isPending || change.isPending}
          >
            {texts.ui.save}
          </Button>
        </>
      }
    >
      <form id={id} className="space-y-4" noValidate onSubmit={(event) => void submit(event)}>
        <Field label={texts.contacts.name} error={form.fault('name')}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              autoComplete="off"
              value={form.values.name}
              onChange={(event) => form.set('name', event.target.value)}
            />
          )}
        </Field>
        <Field
          label={texts.contacts.number}
          hint={texts.contacts.numberHint}
          error={form.fault('phone_number')}
        >
          {(control) => (
            <Input
              {...control}
              type="tel"
              autoComplete="off"
              value={form.values.phone_number}
              onChange={(event) => form.set('phone_number', event.target.value)}
            />
          )}
        </Field>
        <Field
          label={texts.contacts.notes}
          hint={texts.contacts.notesHint}
          error={form.fault('notes')}
        >
          {(control) => (
            <TextArea
              {...control}
              rows={4}
              value={form.values.notes}
              onChange={(event) => form.set('notes', event.target.value)}
            />
          )}
        </Field>
        {contact && (
          <LinkButton
            look="quiet"
            size="small"
            icon={MessagesSquare}
            className="-ml-2.5"
            href={`/app/clients/${clientId}/conversations?contact_id=${contact.id}`}
          >
            {texts.contacts.conversations}
          </LinkButton>
        )}
      </form>
    </Dialog>
  );
}

function Remove({
  contact,
  onDeleted,
}: {
  readonly contact: Contact;
  readonly onDeleted: () => void;
}) {
  const remove = useChange('DELETE /api/contacts/{contact_id}', { refreshes });
  const confirm = useConfirm();
  const toasts = useToasts();
  const act = async () => {
    const name = contact.name || formatPhone(contact.phone_number);
    const sure = await confirm({
      title: texts.contacts.deleteTitle(name),
      text: texts.contacts.deleteText,
      action: texts.ui.delete,
      danger: true,
    });
    if (!sure) return;
    try {
      await remove.mutateAsync({ params: { contact_id: contact.id } });
      toasts.done(texts.contacts.deleted);
      onDeleted();
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <Button
      look="quiet"
      icon={Trash2}
      className="mr-auto text-bad"
      pending={remove.isPending}
      onClick={() => void act()}
    >
      {texts.ui.delete}
    </Button>
  );
}
