// Who callers can be put through to, in the order in which they are tried; and where they go when nothing works.

import { useState } from 'react';
import { ArrowDown, ArrowUp, Pencil, Plus, Trash2, UserRound } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import type { Client } from '../../lib/clients.ts';
import { formatPhone } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { SettingsForm } from './settings-form.tsx';
import type { SectionProps } from './settings-form.tsx';

const { settings } = texts;
const LIST = 'GET /api/clients/{client_id}/transfer-targets';
export type Person = Answer<typeof LIST>[number];

export function PeopleSection(props: SectionProps) {
  return (
    <div className="space-y-5">
      <People client={props.client} />
      <SettingsForm
        {...props}
        read={(client: Client) => ({ fallback_number: client.fallback_number })}
      >
        {(form) => (
          <Card>
            <Field
              label={settings.fallback}
              hint={settings.fallbackHint}
              note={texts.ui.optional}
              error={form.fault('fallback_number')}
            >
              {(control) => (
                <Input
                  {...control}
                  type="tel"
                  value={form.values.fallback_number ?? ''}
                  onChange={(event) => form.set('fallback_number', event.target.value || null)}
                />
              )}
            </Field>
          </Card>
        )}
      </SettingsForm>
    </div>
  );
}

function People({ client }: { readonly client: Client }) {
  const people = useRead(LIST, { params: { client_id: client.id } });
  const [editing, setEditing] = useState<Person | 'new'>();
  const add = (
    <Button size="small" icon={Plus} onClick={() => setEditing('new')}>
      {settings.addPerson}
    </Button>
  );
  return (
    <Card flush title={settings.people} description={settings.peopleHint} action={add}>
      <QueryView query={people}>
        {(listed) =>
          listed.length === 0 ? (
            <Empty icon={UserRound} title={settings.peopleNone} compact>
              {settings.peopleNoneHint}
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {listed.map((person, place) => (
                <PersonRow
                  key={person.id}
                  person={person}
                  above={listed[place - 1]}
                  below={listed[place + 1]}
                  onEdit={() => setEditing(person)}
                />
              ))}
            </ul>
          )
        }
      </QueryView>
      {editing && (
        <PersonDialog
          clientId={client.id}
          person={editing === 'new' ? undefined : editing}
          position={people.data?.length ?? 0}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Card>
  );
}

interface PersonRowProps {
  readonly person: Person;
  readonly above: Person | undefined;
  readonly below: Person | undefined;
  readonly onEdit: () => void;
}

function PersonRow({ person, above, below, onEdit }: PersonRowProps) {
  const change = useChange('PATCH /api/clients/{client_id}/transfer-targets/{target_id}');
  const refresh = useChange('PATCH /api/clients/{client_id}/transfer-targets/{target_id}', {
    refreshes: [LIST],
  });
  const remove = useChange('DELETE /api/clients/{client_id}/transfer-targets/{target_id}', {
    refreshes: [LIST],
  });
  const confirm = useConfirm();
  const toasts = useToasts();
  const paramsOf = ({ client_id, id }: Person) => ({ client_id, target_id: id });

  const isMoving = change.isPending || refresh.isPending;
  const swap = async (other: Person, up: boolean) => {
    if (isMoving) return;
    try {
      // Two may have the same position, once somebody was deleted: then the order is by age.
      const isTied = other.position === person.position;
      const theirs = isTied && up ? person.position + 1 : person.position;
      const mine = isTied && !up ? person.position + 1 : other.position;
      await change.mutateAsync({ params: paramsOf(other), body: { position: theirs } });
      await refresh.mutateAsync({ params: paramsOf(person), body: { position: mine } });
    } catch (error) {
      toasts.failed(error);
    }
  };
  const drop = async () => {
    const sure = await confirm({
      title: settings.removePerson(person.name),
      text: settings.removePersonText,
      action: texts.ui.delete,
      danger: true,
    });
    if (!sure) return;
    await remove
      .mutateAsync({ params: paramsOf(person) })
      .catch((error: unknown) => toasts.failed(error));
  };
  return (
    <li className="flex items-center gap-3 px-4 py-3 text-sm sm:px-5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{person.name}</span>
          <span className="numbers text-muted">{formatPhone(person.phone_number)}</span>
          {!person.is_active && <Badge>{settings.personAway}</Badge>}
        </p>
        {person.description && <p className="truncate text-xs text-faint">{person.description}</p>}
      </div>
      <div className="flex">
        <IconButton
          icon={ArrowUp}
          size="small"
          label={settings.personUp(person.name)}
          disabled={!above}
          aria-disabled={isMoving || undefined}
          onClick={() => above && void swap(above, true)}
        />
        <IconButton
          icon={ArrowDown}
          size="small"
          label={settings.personDown(person.name)}
          disabled={!below}
          aria-disabled={isMoving || undefined}
          onClick={() => below && void swap(below, false)}
        />
        <IconButton
          icon={Pencil}
          size="small"
          label={`${texts.ui.edit}: ${person.name}`}
          onClick={onEdit}
        />
        <IconButton
          icon={Trash2}
          size="small"
          label={`${texts.ui.delete}: ${person.name}`}
          pending={remove.isPending}
          onClick={() => void drop()}
        />
      </div>
    </li>
  );
}
