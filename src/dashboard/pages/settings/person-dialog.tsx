// Adds or changes somebody that callers can be put through to.

import { useChange } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Field, Input } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
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
  const params = { client_id: clientId };
  const save = () =>
    person
      ? change.mutateAsync({ params: { ...params, target_id: person.id }, body: form.changes })
      : create.mutateAsync({ params, body: { ...form.values, position } });
  return (
    <FormDialog
      title={person ? person.name : settings.addPerson}
      form={form}
      save={save}
      ready={person === undefined || form.dirty}
      onClose={onClose}
    >
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
      <Field label={settings.personWhen} note={texts.ui.optional} error={form.fault('description')}>
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
    </FormDialog>
  );
}
