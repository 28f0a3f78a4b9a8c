// One command: the words that call it, and what answers them.

import { useId } from 'react';
import type { SyntheticEvent } from 'react';
import { Trash2 } from 'lucide-react';
import { useChange } from '../../lib/api.ts';
import type { Given } from '../../lib/api.ts';
import { useClients } from '../../lib/clients.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select, TextArea } from '../../ui/field.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useToasts } from '../../ui/toasts.tsx';
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
  const toasts = useToasts();
  const confirm = useConfirm();
  const id = useId();
  const { values } = form;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const body: Body = {
      name: values.name,
      triggers: values.triggers.split('\n').flatMap((line) => line.trim() || []),
      reply: values.reply === '' ? null : values.reply,
      tool: values.tool === '' ? null : (values.tool as NonNullable<Body['tool']>),
      client_id: values.client_id === '' ? null : values.client_id,
      is_active: values.is_active,
    };
    try {
      if (command) await change.mutateAsync({ params: { command_id: command.id }, body });
      else await create.mutateAsync({ body });
      toasts.done(admin.commandSaved);
      onClose();
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  const drop = async ({ id: commandId, name }: Command) => {
    const title = admin.deleteCommandTitle(name);
    if (!(await confirm({ title, action: texts.ui.delete, danger: true }))) return;
    try {
      await remove.mutateAsync({ params: { command_id: commandId } });
      toasts.done(admin.commandDeleted);
      onClose();
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <Dialog
      title={command?.name ?? admin.addCommand}
      onClose={onClose}
      footer={
        <>
          {command && (
            <Button
              look="quiet"
              icon={Trash2}
              className="mr-auto text-bad"
              pending={remove.isPending}
              onClick={() => void drop(command)}
            >
              {texts.ui.delete}
            </Button>
          )}
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
      </form>
    </Dialog>
  );
}
