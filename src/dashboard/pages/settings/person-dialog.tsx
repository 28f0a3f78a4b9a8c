// Adds or changes somebody that callers can be put through to.

import { useId } from 'react';
import type { SyntheticEvent } from 'react';
import { useChange } from '../../lib/api.ts';
import { explain } from '../../lib/failures.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, FieldError, Input } from '../../ui/field.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { Person } from './people-section.tsx';

const { settings } = texts;
const refreshes = ['GET /api/clients/{client_id}/transfer-targets'] as const;

export interface PersonDialogProps {
  readonly clientId: string;
  /** Undefined: a new one, at `position`. */
  readonly person: Person | undefined;
  readonly position: number;
  readonly onClose: () => void;
}

export function PersonDialog({ clientId, person, position, onClose }: PersonDialogProps) {
  const id = useId();
  const form = useForm({
    name: person?.name ?? '',
    phone_number: person?.phone_number ?? '',
    description: person?.description ?? '',
    is_active: person?.is_active ?? true,
  });
  const create = useChange('POST /api/clients/{client_id}/transfer-targets', { refreshes });
  const change = useChange('PATCH /api/clients/{client_id}/transfer-targets/{target_id}', {
    refreshes,
  });
  const pending = create.isPending || change.isPending;
  const failure = create.error ?? change.error;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      if (person) {
        const params = { client_id: clientId, target_id: person.id };
        await change.mutateAsync({ params, body: form.changes });
      } else {
        const params = { client_id: clientId };
        await create.mutateAsync({ params, body: { ...form.values, position } });
      }
      onClose();
    } catch (error) {
      form.refused(error);
    }
  };
  const atField = (['name', 'phone_number', 'description'] as const).some((name) =>
    form.fault(name),
  );
  return (
    <Dialog
      title={person ? person.name : settings.addPerson}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{texts.ui.cancel}</Button>
          <Button
            type="submit"
            form={id}
            look="primary"
            pending={pending}
            disabled={person !== undefined && !form.dirty}
          >
            {texts.ui.save}
          </Button>
        </>
      }
    >
      <form id={id} noValidate className="space-y-4" onSubmit={(event) => void submit(event)}>
        <Field label={settings.personName} error={form.fault('name')}>
          {(control) => (
            <Input
              {...control}
              value={form.values.name}
              onChange={(event) => form.set('name', event.target.value)}
            />
          )}
        </Field>
        <Field label={settings.personNumber} error={form.fault('phone_number')}>
          {(control) => (
            <Input
              {...control}
              type="tel"
              value={form.values.phone_number}
              onChange={(event) => form.set('phone_number', event.target.value)}
            />
          )}
        </Field>
        <Field
          label={settings.personWhen}
          note={texts.ui.optional}
          error={form.fault('description')}
        >
          {(control) => (
            <Input
              {...control}
              placeholder={settings.personWhenExample}
              value={form.values.description}
              onChange={(event) => form.set('description', event.target.value)}
            />
          )}
        </Field>
        <Switch
          label={settings.personActive}
          checked={form.values.is_active}
          onChange={(active) => form.set('is_active', active)}
        />
        {failure && !atField && <FieldError>{explain(failure)}</FieldError>}
      </form>
    </Dialog>
  );
}
