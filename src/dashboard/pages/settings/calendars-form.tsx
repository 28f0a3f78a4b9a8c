// Which of the account's calendars appointments are written to, and which others keep the business busy.

import type { SyntheticEvent } from 'react';
import { useChange, useRead } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, FieldError, Select } from '../../ui/field.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { calendarReads } from './calendar-reads.ts';
import type { CalendarStatus } from './calendar-reads.ts';
import { SaveBar } from './settings-form.tsx';

const { calendar } = texts;

interface Chosen {
  readonly write: string;
  readonly watch: CalendarStatus['watched'];
}

export function CalendarsForm({
  clientId,
  status,
}: {
  readonly clientId: string;
  readonly status: CalendarStatus;
}) {
  const calendars = useRead('GET /api/clients/{client_id}/calendar/calendars', {
    params: { client_id: clientId },
  });
  const form = useForm<Chosen>({ write: status.calendar?.id ?? '', watch: status.watched });
  const choose = useChange('PUT /api/clients/{client_id}/calendar/calendars', {
    refreshes: calendarReads,
  });
  const toasts = useToasts();
  useUnsaved(form.dirty && !choose.isPending);
  const { write, watch } = form.values;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      const body = { write, watch: watch.filter(({ id }) => id !== write) };
      const saved = await choose.mutateAsync({ params: { client_id: clientId }, body });
      form.reset({ write: saved.calendar?.id ?? '', watch: saved.watched });
      toasts.done(texts.ui.saved);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Card title={calendar.calendars} description={calendar.calendarsHint}>
        <QueryView query={calendars}>
          {(listed) => (
            <div className="space-y-5">
              <Field label={calendar.write} error={form.fault('write')}>
                {(control) => (
                  <Select
                    {...control}
                    value={write}
                    options={[
                      ...(write === '' ? [{ value: '', label: calendar.choose }] : []),
                      ...listed
                        .filter((each) => each.writable)
                        .map(({ id, name }) => ({ value: id, label: name })),
                    ]}
                    onChange={(event) => form.set('write', event.target.value)}
                  />
                )}
              </Field>
              {listed.some(({ id }) => id !== write) && (
                <fieldset>
                  <legend className="mb-2 text-sm font-medium">{calendar.alsoBusy}</legend>
                  <ul className="space-y-2">
                    {listed
                      .filter(({ id }) => id !== write)
                      .map(({ id, name, primary }) => (
                        <li key={id}>
                          <label className="flex items-center gap-2.5 text-sm">
                            <input
                              type="checkbox"
                              className="size-4 accent-accent"
                              checked={watch.some((each) => each.id === id)}
                              onChange={(event) =>
                                form.set(
                                  'watch',
                                  event.target.checked
                                    ? [...watch, { id, resource: null }]
                                    : watch.filter((each) => each.id !== id),
                                )
                              }
                            />
                            {name}
                            {primary && <Badge>{calendar.primary}</Badge>}
                          </label>
                        </li>
                      ))}
                  </ul>
                  {form.fault('watch') && <FieldError>{form.fault('watch')}</FieldError>}
                </fieldset>
              )}
            </div>
          )}
        </QueryView>
      </Card>
      {form.dirty && <SaveBar pending={choose.isPending} onDiscard={() => form.reset()} />}
    </form>
  );
}
