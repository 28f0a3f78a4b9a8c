// Adds or changes a tool of the owner's own.

import { useState } from 'react';
import { useChange } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Field, Input, Select, TextArea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { OwnTool } from './own-tools-card.tsx';

const { line } = texts;
const refreshes = ['GET /api/clients/{client_id}/tools'] as const;
const methods = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map((value) => ({
  value,
  label: value,
}));
type Method = (typeof methods)[number]['value'];
const noParameters = { type: 'object', properties: {} };

export interface ToolDialogProps {
  readonly clientId: string;
  readonly tool: OwnTool | undefined;
  readonly onClose: () => void;
}

export function ToolDialog({ clientId, tool, onClose }: ToolDialogProps) {
  const form = useForm({
    name: tool?.name ?? '',
    description: tool?.description ?? '',
    url: tool?.url ?? 'https://',
    method: (tool?.method ?? 'GET') as Method,
    parameters: JSON.stringify(tool?.parameters ?? noParameters, null, 2),
    headers: '',
    is_active: tool?.is_active ?? true,
  });
  const create = useChange('POST /api/clients/{client_id}/tools', { refreshes });
  const change = useChange('PATCH /api/clients/{client_id}/tools/{tool_id}', { refreshes });
  const [notJson, setNotJson] = useState(false);
  const save = async () => {
    const { parameters: typed, headers, ...rest } = form.values;
    let parameters: Record<string, unknown>;
    try {
      parameters = JSON.parse(typed) as Record<string, unknown>;
    } catch {
      setNotJson(true);
      return false;
    }
    setNotJson(false);
    const body = { ...rest, parameters, ...(headers && { headers: { Authorization: headers } }) };
    const params = { client_id: clientId };
    return tool
      ? change.mutateAsync({ params: { ...params, tool_id: tool.id }, body })
      : create.mutateAsync({ params, body });
  };
  const text = (name: 'name' | 'description' | 'url', label: string, hint?: string) => (
    <Field label={label} hint={hint} error={form.fault(name)}>
      {(control) => (
        <Input
          {...control}
          spellCheck={name === 'description'}
          value={form.values[name]}
          onChange={(event) => form.set(name, event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <FormDialog
      wide
      title={tool ? tool.name : line.addTool}
      form={form}
      save={save}
      onClose={onClose}
    >
      {text('name', line.toolName, line.toolNameHint)}
      {text('description', line.toolDescription)}
      <div className="grid gap-4 sm:grid-cols-[8rem_minmax(0,1fr)]">
        <Field label={line.toolMethod} error={form.fault('method')}>
          {(control) => (
            <Select
              {...control}
              value={form.values.method}
              options={methods}
              onChange={(event) => form.set('method', event.target.value as Method)}
            />
          )}
        </Field>
        {text('url', line.toolUrl)}
      </div>
      <Field
        label={line.toolParameters}
        error={notJson ? line.toolParametersWrong : form.fault('parameters')}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={6}
            spellCheck={false}
            className="font-mono text-xs"
            value={form.values.parameters}
            onChange={(event) => form.set('parameters', event.target.value)}
          />
        )}
      </Field>
      <Field
        label={line.toolHeader}
        note={texts.ui.optional}
        hint={tool && tool.header_names.length > 0 ? line.toolHeaderKept : line.toolHeaderHint}
        error={form.fault('headers')}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            value={form.values.headers}
            onChange={(event) => form.set('headers', event.target.value)}
          />
        )}
      </Field>
      <Switch
        label={line.toolActive}
        checked={form.values.is_active}
        onChange={(on) => form.set('is_active', on)}
      />
    </FormDialog>
  );
}
