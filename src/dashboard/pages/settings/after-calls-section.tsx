// What is made of a call when it is over: a summary, and what should be found out in it.

import type { SyntheticEvent } from 'react';
import { Plus, Trash2 } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { texts } from '../../texts/texts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, FieldError, Input, Select } from '../../ui/field.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { SaveBar } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';

const { settings } = texts;
const READ = 'GET /api/clients/{client_id}/review-settings';
type Review = Answer<typeof READ>;
type ReviewField = Review['fields'][number];

const kinds = (['text', 'number', 'boolean'] as const).map((value) => ({
  value,
  label: settings.fieldTypes[value],
}));

export function AfterCallsSection({ client }: SectionProps) {
  const review = useRead(READ, { params: { client_id: client.id } });
  return (
    <QueryView query={review}>
      {(stored) => <ReviewForm clientId={client.id} stored={stored} />}
    </QueryView>
  );
}

function ReviewForm({ clientId, stored }: { readonly clientId: string; readonly stored: Review }) {
  const form = useForm<Review>(stored);
  const save = useChange('PATCH /api/clients/{client_id}/review-settings', { refreshes: [READ] });
  const toasts = useToasts();
  useUnsaved(form.dirty && !save.isPending);
  const { fields } = form.values;
  const change = (place: number, part: Partial<ReviewField>) =>
    form.set(
      'fields',
      fields.map((field, at) => (at === place ? { ...field, ...part } : field)),
    );
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      form.reset(await save.mutateAsync({ params: { client_id: clientId }, body: form.changes }));
      toasts.done(texts.ui.saved);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  const fault = form.fault('fields');
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <div className="space-y-5">
        <Card>
          <Switch
            label={settings.review}
            hint={settings.reviewHint}
            checked={form.values.is_enabled}
            onChange={(on) => form.set('is_enabled', on)}
          />
        </Card>
        <Card
          flush
          title={settings.reviewFields}
          description={settings.reviewFieldsHint}
          action={
            <Button
              size="small"
              icon={Plus}
              onClick={() =>
                form.set('fields', [...fields, { name: '', type: 'text', description: '' }])
              }
            >
              {settings.addField}
            </Button>
          }
        >
          {fields.length === 0 && (
            <p className="px-4 py-4 text-sm text-faint sm:px-5">{settings.reviewFieldsNone}</p>
          )}
          <ul className="divide-y divide-line">
            {fields.map((field, place) => (
              // A field that is being typed has no name of its own yet.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={place} className="flex flex-wrap items-center gap-2.5 px-4 py-3 sm:px-5">
                <Field label={settings.fieldName} hideLabel className="w-40">
                  {(control) => (
                    <Input
                      {...control}
                      placeholder={settings.fieldName}
                      value={field.name}
                      onChange={(event) => change(place, { name: event.target.value })}
                    />
                  )}
                </Field>
                <Field label={settings.fieldType} hideLabel className="w-32">
                  {(control) => (
                    <Select
                      {...control}
                      value={field.type}
                      options={kinds}
                      onChange={(event) =>
                        change(place, { type: event.target.value as ReviewField['type'] })
                      }
                    />
                  )}
                </Field>
                <Field label={settings.fieldDescription} hideLabel className="min-w-40 flex-1">
                  {(control) => (
                    <Input
                      {...control}
                      placeholder={settings.fieldDescription}
                      value={field.description ?? ''}
                      onChange={(event) => change(place, { description: event.target.value })}
                    />
                  )}
                </Field>
                <IconButton
                  icon={Trash2}
                  size="small"
                  label={settings.removeField(field.name)}
                  onClick={() =>
                    form.set(
                      'fields',
                      fields.filter((_, at) => at !== place),
                    )
                  }
                />
              </li>
            ))}
          </ul>
          {fault && (
            <div className="px-4 pb-4 sm:px-5">
              <FieldError>{fault}</FieldError>
            </div>
          )}
        </Card>
      </div>
      {form.dirty && <SaveBar pending={save.isPending} onDiscard={() => form.reset()} />}
    </form>
  );
}
