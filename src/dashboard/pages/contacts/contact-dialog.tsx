// One contact: added, changed, deleted, and the way to what was said.

import { MessagesSquare } from 'lucide-react';
import { useChange } from '../../lib/api.ts';
import { formatPhone } from '../../lib/format.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Field, Input, TextArea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import type { Contact } from './contacts-page.tsx';

export interface ContactDialogProps {
  readonly clientId: string;
  /** Undefined: a new one. */
  readonly contact: Contact | undefined;
  readonly onClose: () => void;
}

const refreshes = [
  'GET /api/clients/{client_id}/contacts',
  'GET /api/contacts/{contact_id}',
] as const;

export function ContactDialog({ clientId, contact, onClose }: ContactDialogProps) {
  const { name = '', phone_number: number = '', notes = '' } = contact ?? {};
  const form = useForm({ name, phone_number: number, notes });
  const create = useChange('POST /api/contacts', { refreshes });
  const change = useChange('PATCH /api/contacts/{contact_id}', { refreshes });
  const remove = useChange('DELETE /api/contacts/{contact_id}', { refreshes });
  const save = () =>
    contact
      ? change.mutateAsync({ params: { contact_id: contact.id }, body: form.changes })
      : create.mutateAsync({ body: { client_id: clientId, ...form.values } });
  return (
    <FormDialog
      title={contact ? texts.contacts.edit : texts.contacts.add}
      form={form}
      save={save}
      saved={contact ? texts.contacts.saved : texts.contacts.added}
      removal={
        contact && {
          title: texts.contacts.deleteTitle(contact.name || formatPhone(contact.phone_number)),
          text: texts.contacts.deleteText,
          remove: () => remove.mutateAsync({ params: { contact_id: contact.id } }),
          done: texts.contacts.deleted,
        }
      }
      onClose={onClose}
    >
      <Field label={texts.contacts.name} error={form.fault('name')}>
        {(control) => (
          <Input
            {...control}
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
    </FormDialog>
  );
}
