// How often callers may call, and numbers that may not.

import { useId } from 'react';
import type { SyntheticEvent } from 'react';
import { Ban } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { formatPhone } from '../../lib/format.ts';
import { useForm } from '../../lib/use-form.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { SaveBar } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';

const { callers } = texts;
const LIMITS = 'GET /api/clients/{client_id}/caller-limits';
const BLOCKED = 'GET /api/clients/{client_id}/blocked-callers';
type Limits = Answer<typeof LIMITS>;

export function CallersSection({ client }: SectionProps) {
  const limits = useRead(LIMITS, { params: { client_id: client.id } });
  return (
    <div className="space-y-5">
      <QueryView query={limits}>
        {(stored) => <LimitsForm clientId={client.id} stored={stored} />}
      </QueryView>
      <Blocked clientId={client.id} />
    </div>
  );
}

function LimitsForm({ clientId, stored }: { readonly clientId: string; readonly stored: Limits }) {
  const form = useForm(stored);
  const save = useChange('PATCH /api/clients/{client_id}/caller-limits', { refreshes: [LIMITS] });
  const toasts = useToasts();
  useUnsaved(form.dirty && !save.isPending);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      const params = { client_id: clientId };
      form.reset(await save.mutateAsync({ params, body: form.changes }));
      toasts.done(texts.ui.saved);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  const minutes = (name: 'caller_seconds_max' | 'client_seconds_max', label: string) => {
    const seconds = form.values[name];
    return (
      <NumberField
        optional
        label={label}
        hint={callers.noLimit}
        min={1}
        error={form.fault(name)}
        value={seconds === null ? null : Math.round(seconds / 60)}
        onChange={(value) => form.set(name, value === null ? null : value * 60)}
      />
    );
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Card title={callers.limits} description={callers.limitsText}>
        <div className="space-y-5">
          <div className="grid gap-5 sm:grid-cols-2">
            <NumberField
              label={callers.concurrent}
              min={1}
              error={form.fault('concurrent_max')}
              value={form.values.concurrent_max}
              onChange={(value) => form.set('concurrent_max', value ?? 1)}
            />
            <NumberField
              label={callers.calls}
              min={1}
              error={form.fault('calls_max')}
              value={form.values.calls_max}
              onChange={(value) => form.set('calls_max', value ?? 1)}
            />
            {minutes('caller_seconds_max', callers.callerMinutes)}
            {minutes('client_seconds_max', callers.clientMinutes)}
          </div>
          <Switch
            label={callers.withheld}
            checked={form.values.block_withheld}
            onChange={(on) => form.set('block_withheld', on)}
          />
        </div>
      </Card>
      {form.dirty && <SaveBar pending={save.isPending} onDiscard={() => form.reset()} />}
    </form>
  );
}

function Blocked({ clientId }: { readonly clientId: string }) {
  const params = { client_id: clientId };
  const blocked = useRead(BLOCKED, { params });
  const allow = useChange('DELETE /api/clients/{client_id}/blocked-callers/{blocked_id}', {
    refreshes: [BLOCKED],
  });
  const toasts = useToasts();
  return (
    <Card flush title={callers.blocked} description={callers.blockedText}>
      <QueryView query={blocked}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={Ban} compact title={callers.none} />
          ) : (
            <ul className="divide-y divide-line">
              {rows.map(({ id, phone_number: number, note }) => (
                <li key={id} className="flex items-center gap-3 px-4 py-2.5 text-sm sm:px-5">
                  <span className="min-w-0 flex-1">
                    <span className="numbers block font-medium">{formatPhone(number)}</span>
                    {note && <span className="block truncate text-xs text-faint">{note}</span>}
                  </span>
                  <Button
                    size="small"
                    aria-label={`${callers.unblock}: ${formatPhone(number)}`}
                    disabled={allow.isPending}
                    onClick={() =>
                      allow.mutate(
                        { params: { ...params, blocked_id: id } },
                        {
                          onSuccess: () => toasts.done(callers.unblocked),
                          onError: (error) => toasts.failed(error),
                        },
                      )
                    }
                  >
                    {callers.unblock}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      <BlockForm clientId={clientId} />
    </Card>
  );
}

function BlockForm({ clientId }: { readonly clientId: string }) {
  const form = useForm({ phone_number: '', note: '' });
  const block = useChange('POST /api/clients/{client_id}/blocked-callers', {
    refreshes: [BLOCKED],
  });
  const toasts = useToasts();
  const id = useId();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      await block.mutateAsync({ params: { client_id: clientId }, body: form.values });
      form.reset();
      toasts.done(callers.blockedDone);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  return (
    <form
      id={id}
      noValidate
      className="grid items-start gap-3 border-t border-line p-4 sm:grid-cols-[1fr_1fr_auto] sm:p-5"
      onSubmit={(event) => void submit(event)}
    >
      <Field label={callers.number} error={form.fault('phone_number')}>
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
      <Field label={callers.note} note={texts.ui.optional} error={form.fault('note')}>
        {(control) => (
          <Input
            {...control}
            value={form.values.note}
            onChange={(event) => form.set('note', event.target.value)}
          />
        )}
      </Field>
      <Button
        type="submit"
        className="sm:mt-6.5"
        disabled={form.values.phone_number.trim() === ''}
        pending={block.isPending}
      >
        {callers.block}
      </Button>
    </form>
  );
}
