// What the receptionist can look up: sections of text, one for each subject.

import { useState } from 'react';
import { BookText, Plus, Trash2 } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Field, Input, TextArea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { SectionProps } from './settings-form.tsx';

const { settings } = texts;
const LIST = 'GET /api/clients/{client_id}/knowledge';
type Section = Answer<typeof LIST>[number];

export function KnowledgeSection({ client }: SectionProps) {
  const sections = useRead(LIST, { params: { client_id: client.id } });
  const remove = useChange('DELETE /api/clients/{client_id}/knowledge/{section_id}', {
    refreshes: [LIST],
  });
  const [editing, setEditing] = useState<Section | 'new'>();
  const confirm = useConfirm();
  const toasts = useToasts();
  const drop = async (section: Section) => {
    const sure = await confirm({
      title: settings.removeKnowledge(section.title),
      text: settings.removeKnowledgeText,
      action: texts.ui.delete,
      danger: true,
    });
    if (!sure) return;
    await remove
      .mutateAsync({ params: { client_id: client.id, section_id: section.id } })
      .catch((error: unknown) => toasts.failed(error));
  };
  return (
    <Card
      flush
      title={settings.sections.knowledge}
      description={settings.knowledgeHint}
      action={
        <Button size="small" icon={Plus} onClick={() => setEditing('new')}>
          {settings.addKnowledge}
        </Button>
      }
    >
      <QueryView query={sections}>
        {(listed) =>
          listed.length === 0 ? (
            <Empty icon={BookText} title={settings.knowledgeNone} compact>
              {settings.knowledgeNoneHint}
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {listed.map((section) => (
                <li
                  key={section.id}
                  className="relative flex items-start gap-3 px-4 py-3 text-sm hover:bg-hover/60 sm:px-5"
                >
                  <div className="min-w-0 flex-1">
                    <button
                      type="button"
                      className="font-medium after:absolute after:inset-0 after:content-['']"
                      onClick={() => setEditing(section)}
                    >
                      {section.title}
                    </button>
                    <p className="line-clamp-2 text-muted">{section.text}</p>
                  </div>
                  <IconButton
                    icon={Trash2}
                    size="small"
                    className="relative"
                    label={`${texts.ui.delete}: ${section.title}`}
                    pending={remove.isPending && remove.variables.params.section_id === section.id}
                    onClick={() => void drop(section)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      {editing && (
        <KnowledgeDialog
          clientId={client.id}
          section={editing === 'new' ? undefined : editing}
          position={sections.data?.length ?? 0}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Card>
  );
}

interface KnowledgeDialogProps {
  readonly clientId: string;
  readonly section: Section | undefined;
  readonly position: number;
  readonly onClose: () => void;
}

function KnowledgeDialog({ clientId, section, position, onClose }: KnowledgeDialogProps) {
  const form = useForm({ title: section?.title ?? '', text: section?.text ?? '' });
  const create = useChange('POST /api/clients/{client_id}/knowledge', { refreshes: [LIST] });
  const change = useChange('PATCH /api/clients/{client_id}/knowledge/{section_id}', {
    refreshes: [LIST],
  });
  const params = { client_id: clientId };
  const save = () =>
    section
      ? change.mutateAsync({ params: { ...params, section_id: section.id }, body: form.changes })
      : create.mutateAsync({ params, body: { ...form.values, position } });
  return (
    <FormDialog
      wide
      title={section ? section.title : settings.addKnowledge}
      form={form}
      save={save}
      onClose={onClose}
    >
      <Field label={settings.knowledgeTitle} error={form.fault('title')}>
        {(control) => (
          <Input
            {...control}
            value={form.values.title}
            onChange={(event) => form.set('title', event.target.value)}
          />
        )}
      </Field>
      <Field label={settings.knowledgeText} error={form.fault('text')}>
        {(control) => (
          <TextArea
            {...control}
            rows={9}
            value={form.values.text}
            onChange={(event) => form.set('text', event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
