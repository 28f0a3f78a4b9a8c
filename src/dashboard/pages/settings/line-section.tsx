// How the line behaves: putting callers through, texts, the keypad, calls that we make.

import type { SyntheticEvent } from 'react';
import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { texts } from '../../texts/texts.ts';
import { Card } from '../../ui/card.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { SaveBar } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';

const { line } = texts;
const READ = 'GET /api/clients/{client_id}/line-settings';
type LineSettings = Answer<typeof READ>;

const modes = (['warm', 'cold'] as const).map((value) => ({
  value,
  label: line.transferModes[value],
}));

export function LineSection({ client }: SectionProps) {
  const stored = useRead(READ, { params: { client_id: client.id } });
  return (
    <QueryView query={stored}>
      {(answer) => <LineForm clientId={client.id} stored={answer} />}
    </QueryView>
  );
}

const listOf = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

function LineForm({
  clientId,
  stored,
}: {
  readonly clientId: string;
  readonly stored: LineSettings;
}) {
  // Lists are typed as one line of text.
  const read = ({
    notify_numbers: numbers,
    allowed_countries: countries,
    ...rest
  }: LineSettings) => ({
    ...rest,
    notify_numbers: numbers.join(', '),
    allowed_countries: countries.join(', '),
  });
  const form = useForm(read(stored));
  const save = useChange('PATCH /api/clients/{client_id}/line-settings', { refreshes: [READ] });
  const toasts = useToasts();
  useUnsaved(form.dirty && !save.isPending);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const { notify_numbers: numbers, allowed_countries: countries, ...rest } = form.changes;
    try {
      const body = {
        ...(rest as Partial<LineSettings>),
        ...(numbers !== undefined && { notify_numbers: listOf(numbers) }),
        ...(countries !== undefined && { allowed_countries: listOf(countries) }),
      };
      form.reset(read(await save.mutateAsync({ params: { client_id: clientId }, body })));
      toasts.done(texts.ui.saved);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  const text = (
    name: 'notify_numbers' | 'allowed_countries' | 'outbound_from' | 'outbound_until',
    label: string,
    hint?: string,
  ) => (
    <Field label={label} hint={hint} error={form.fault(name)}>
      {(control) => (
        <Input
          {...control}
          type={name.startsWith('outbound') ? 'time' : 'text'}
          value={form.values[name]}
          onChange={(event) => form.set(name, event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <div className="space-y-5">
        <Card>
          <div className="space-y-5">
            <Field label={line.transferMode} error={form.fault('transfer_mode')}>
              {(control) => (
                <Select
                  {...control}
                  value={form.values.transfer_mode}
                  options={modes}
                  onChange={(event) =>
                    form.set('transfer_mode', event.target.value as LineSettings['transfer_mode'])
                  }
                />
              )}
            </Field>
            <Switch
              label={line.keypadExit}
              hint={line.keypadExitHint}
              checked={form.values.keypad_exit}
              onChange={(on) => form.set('keypad_exit', on)}
            />
          </div>
        </Card>
        <Card>
          <div className="space-y-5">
            <Switch
              label={line.smsToCallers}
              hint={line.smsToCallersHint}
              checked={form.values.sms_to_callers}
              onChange={(on) => form.set('sms_to_callers', on)}
            />
            {text('notify_numbers', line.notifyNumbers, line.notifyNumbersHint)}
            {text('allowed_countries', line.countries, line.countriesHint)}
          </div>
        </Card>
        <Card>
          <div className="space-y-5">
            <Switch
              label={line.outbound}
              hint={line.outboundHint}
              checked={form.values.outbound_enabled}
              onChange={(on) => form.set('outbound_enabled', on)}
            />
            <div className="grid grid-cols-2 gap-5">
              {text('outbound_from', line.outboundFrom)}
              {text('outbound_until', line.outboundUntil)}
            </div>
          </div>
        </Card>
      </div>
      {form.dirty && <SaveBar pending={save.isPending} onDiscard={() => form.reset()} />}
    </form>
  );
}
