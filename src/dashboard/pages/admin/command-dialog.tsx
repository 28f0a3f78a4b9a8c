// One command: the words that call it, and what answers them.

import { useChange } from '../../lib/api.ts';
import type { Given } from '../../lib/api.ts';
import { useClients } from '../../lib/clients.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Field, Input, Select, TextArea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { Command } from './commands-page.tsx';

const { admin } = texts;
const refreshes = ['GET /admin/bot/commands'] as const;
type Body = Given<'POST /admin/bot/commands'>['body'];

export function CommandDialog({
  command,
  onClose,
}: {
  /** Undefined: a new one. */
  readonly command: Command | undefined;
  readonly onClose: () => void;
}) {
  const { clients = [] } = useClients();
  const form = useForm({
    name: command?.name ?? '',
    triggers: command?.triggers.join('\n') ?? '',
    reply: command?.reply ?? '',
    tool: command?.tool ?? '',
    client_id: command?.client_id ?? '',
    is_active: command?.is_active ?? true,
  });
  const create = useChange('POST /admin/bot/commands', { refreshes });
  const change = useChange('PUT /admin/bot/commands/{command_id}', { refreshes });
  const remove = useChange('DELETE /admin/bot/commands/{command_id}', { refreshes });
  const { values } = form;
  const save = () => {
    const body: Body = {
      name: values.name,
      triggers: values.triggers.split('\n').flatMap((line) => line.trim() || []),
      reply: values.reply === '' ? null : values.reply,
      tool: values.tool === '' ? null : (values.tool as NonNullable<Body['tool']>),
      client_id: values.client_id === '' ? null : values.client_id,
      is_active: values.is_active,
    };
    return command
      ? change.mutateAsync({ params: { command_id: command.id }, body })
      : create.mutateAsync({ body });
  };
  return (
    <FormDialog
      title={command?.name ?? admin.addCommand}
      form={form}
      save={save}
      saved={admin.commandSaved}
      removal={
        command && {
          title: admin.deleteCommandTitle(command.name),
          remove: () => remove.mutateAsync({ params: { command_id: command.id } }),
          done: admin.commandDeleted,
        }
      }
      onClose={onClose}
    >
      <Field label={admin.name} error={form.fault('name')}>
        {(control) => (
          <Input
            {...control}
            value={values.name}
            onChange={(event) => form.set('name', event.target.value)}
          />
        )}
      </Field>
      <Field label={admin.triggers} hint={admin.triggersHint} error={form.fault('triggers')}>
        {(control) => (
          <TextArea
            {...control}
            rows={3}
            value={values.triggers}
            onChange={(event) => form.set('triggers', event.target.value)}
          />
        )}
      </Field>
      <Field label={admin.reply} hint={admin.replyHint} error={form.fault('reply')}>
        {(control) => (
          <TextArea
            {...control}
            rows={3}
            value={values.reply}
            onChange={(event) => form.set('reply', event.target.value)}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={admin.tool} error={form.fault('tool')}>
          {(control) => (
            <Select
              {...control}
              value={values.tool}
              onChange={(event) => form.set('tool', event.target.value)}
              options={[
                { value: '', label: admin.noTool },
                ...Object.entries(admin.tools).map(([value, label]) => ({ value, label })),
              ]}
            />
          )}
        </Field>
        <Field label={admin.client} error={form.fault('client_id')}>
          {(control) => (
            <Select
              {...control}
              value={values.client_id}
              onChange={(event) => form.set('client_id', event.target.value)}
              options={[
                { value: '', label: admin.forAll },
                ...clients.map(({ id: value, name: label }) => ({ value, label })),
              ]}
            />
          )}
        </Field>
      </div>
      <Switch
        label={admin.active}
        checked={values.is_active}
        onChange={(on) => form.set('is_active', on)}
      />
    </FormDialog>
  );
}
