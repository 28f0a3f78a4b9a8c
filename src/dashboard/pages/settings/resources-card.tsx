// The chairs or staff: how many appointments run side by side, and what each place is called.

import type { SyntheticEvent } from 'react';
import { Plus, Trash2 } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { useUnsaved } from '../../lib/use-unsaved.ts';
import { texts } from '../../texts/texts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, FieldError, Input } from '../../ui/field.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { SaveBar } from './settings-form.tsx';

const { calendar } = texts;
const LIST = 'GET /api/clients/{client_id}/calendar/resources';

interface Places {
  readonly resources: readonly { readonly name: string }[];
}

export function ResourcesCard({ clientId }: { readonly clientId: string }) {
  const resources = useRead(LIST, { params: { client_id: clientId } });
  return (
    <QueryView query={resources}>
      {(listed) => (
        <ResourcesForm
          clientId={clientId}
          stored={listed.filter((each) => each.is_active).map(({ name }) => ({ name }))}
        />
      )}
    </QueryView>
  );
}

function ResourcesForm({
  clientId,
  stored,
}: {
  readonly clientId: string;
  readonly stored: Places['resources'];
}) {
  const form = useForm<Places>({ resources: stored });
  const save = useChange('PUT /api/clients/{client_id}/calendar/resources', {
    refreshes: [LIST, 'GET /api/clients/{client_id}/calendar/days'],
  });
  const toasts = useToasts();
  useUnsaved(form.dirty && !save.isPending);
  const { resources } = form.values;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    try {
      await save.mutateAsync({
        params: { client_id: clientId },
        body: { resources: [...resources] },
      });
      form.reset(form.values);
      toasts.done(texts.ui.saved);
    } catch (error) {
      if (!form.refused(error)) toasts.failed(error);
    }
  };
  const fault = form.fault('resources');
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Card
        title={calendar.resources}
        description={calendar.resourcesHint}
        action={
          <Button
            size="small"
            icon={Plus}
            onClick={() => form.set('resources', [...resources, { name: '' }])}
          >
            {calendar.addResource}
          </Button>
        }
      >
        <ul className="space-y-2">
          {resources.map(({ name }, place) => (
            // A place has nothing but its number to be known by.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={place} className="flex items-center gap-2">
              <Field label={calendar.resourceName(place + 1)} hideLabel className="flex-1">
                {(control) => (
                  <Input
                    {...control}
                    value={name}
                    placeholder={calendar.resourceName(place + 1)}
                    onChange={(event) =>
                      form.set(
                        'resources',
                        resources.map((each, at) =>
                          at === place ? { name: event.target.value } : each,
                        ),
                      )
                    }
                  />
                )}
              </Field>
              {resources.length > 1 && (
                <IconButton
                  icon={Trash2}
                  label={calendar.removeResource(name)}
                  onClick={() =>
                    form.set(
                      'resources',
                      resources.filter((_, at) => at !== place),
                    )
                  }
                />
              )}
            </li>
          ))}
        </ul>
        {fault && <FieldError>{fault}</FieldError>}
      </Card>
      {form.dirty && <SaveBar pending={save.isPending} onDiscard={() => form.reset()} />}
    </form>
  );
}
