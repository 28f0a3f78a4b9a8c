// Servers of the Model Context Protocol whose tools may be used in calls.

import { useState } from 'react';
import { Plus, RefreshCw, Trash2 } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useToasts } from '../../ui/toasts.tsx';

const { line } = texts;
const LIST = 'GET /api/clients/{client_id}/mcp-servers';
type Server = Answer<typeof LIST>[number];

export function ToolServersCard({ clientId }: { readonly clientId: string }) {
  const servers = useRead(LIST, { params: { client_id: clientId } });
  const [adding, setAdding] = useState(false);
  return (
    <Card
      flush
      title={line.servers}
      description={line.serversHint}
      action={
        <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
          {line.addServer}
        </Button>
      }
    >
      <QueryView query={servers}>
        {(listed) =>
          listed.length === 0 ? (
            <p className="px-4 py-4 text-sm text-faint sm:px-5">{line.serversNone}</p>
          ) : (
            <ul className="divide-y divide-line">
              {listed.map((server) => (
                <ServerRow key={server.id} server={server} />
              ))}
            </ul>
          )
        }
      </QueryView>
      {adding && <ServerDialog clientId={clientId} onClose={() => setAdding(false)} />}
    </Card>
  );
}

function ServerRow({ server }: { readonly server: Server }) {
  const params = { client_id: server.client_id, server_id: server.id };
  const refresh = useChange('POST /api/clients/{client_id}/mcp-servers/{server_id}/refresh', {
    refreshes: [LIST],
  });
  const remove = useChange('DELETE /api/clients/{client_id}/mcp-servers/{server_id}', {
    refreshes: [LIST],
  });
  const confirm = useConfirm();
  const toasts = useToasts();
  const ask = async () => {
    try {
      await refresh.mutateAsync({ params });
      toasts.done(line.refreshed);
    } catch (error) {
      toasts.failed(error);
    }
  };
  const drop = async () => {
    const sure = await confirm({
      title: line.removeTool(server.name),
      text: line.removeToolText,
      action: texts.ui.delete,
      danger: true,
    });
    if (sure) await remove.mutateAsync({ params }).catch((error: unknown) => toasts.failed(error));
  };
  return (
    <li className="flex items-center gap-2 px-4 py-3 text-sm sm:px-5">
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {server.name}{' '}
          <span className="font-normal text-faint">{line.serverTools(server.tools.length)}</span>
        </p>
        <p className="truncate text-xs text-faint">
          {server.tools.map(({ name }) => name).join(', ') || server.url}
        </p>
      </div>
      <IconButton
        icon={RefreshCw}
        size="small"
        label={line.refresh}
        pending={refresh.isPending}
        onClick={() => void ask()}
      />
      <IconButton
        icon={Trash2}
        size="small"
        label={`${texts.ui.delete}: ${server.name}`}
        pending={remove.isPending}
        onClick={() => void drop()}
      />
    </li>
  );
}

function ServerDialog({
  clientId,
  onClose,
}: {
  readonly clientId: string;
  readonly onClose: () => void;
}) {
  const form = useForm({ name: '', url: 'https://', headers: '' });
  const create = useChange('POST /api/clients/{client_id}/mcp-servers', { refreshes: [LIST] });
  const save = () => {
    const { headers, ...rest } = form.values;
    return create.mutateAsync({
      params: { client_id: clientId },
      body: { ...rest, ...(headers && { headers: { Authorization: headers } }) },
    });
  };
  const fields = [
    { name: 'name', label: line.toolName, hint: undefined, type: 'text' },
    { name: 'url', label: line.toolUrl, hint: undefined, type: 'url' },
    { name: 'headers', label: line.toolHeader, hint: line.toolHeaderHint, type: 'password' },
  ] as const;
  return (
    <FormDialog title={line.addServer} form={form} save={save} ready onClose={onClose}>
      {fields.map(({ name, label, hint, type }) => (
        <Field key={name} label={label} hint={hint} error={form.fault(name)}>
          {(control) => (
            <Input
              {...control}
              type={type}
              autoComplete="off"
              value={form.values[name]}
              onChange={(event) => form.set(name, event.target.value)}
            />
          )}
        </Field>
      ))}
    </FormDialog>
  );
}
