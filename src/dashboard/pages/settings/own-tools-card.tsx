// Tools of the owner's own: addresses that the receptionist may ask in a call.

import { useState } from 'react';
import { Play, Plus, Trash2 } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { ToolDialog } from './tool-dialog.tsx';
import { TryTool } from './try-tool.tsx';

const { line } = texts;
const LIST = 'GET /api/clients/{client_id}/tools';
export type OwnTool = Answer<typeof LIST>[number];

export function OwnToolsCard({ clientId }: { readonly clientId: string }) {
  const tools = useRead(LIST, { params: { client_id: clientId } });
  const [editing, setEditing] = useState<OwnTool | 'new'>();
  return (
    <Card
      flush
      title={line.ownTools}
      description={line.ownToolsHint}
      action={
        <Button size="small" icon={Plus} onClick={() => setEditing('new')}>
          {line.addTool}
        </Button>
      }
    >
      <QueryView query={tools}>
        {(listed) =>
          listed.length === 0 ? (
            <p className="px-4 py-4 text-sm text-faint sm:px-5">{line.ownToolsNone}</p>
          ) : (
            <ul className="divide-y divide-line">
              {listed.map((tool) => (
                <ToolRow key={tool.id} tool={tool} onEdit={() => setEditing(tool)} />
              ))}
            </ul>
          )
        }
      </QueryView>
      {editing && (
        <ToolDialog
          clientId={clientId}
          tool={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Card>
  );
}

function ToolRow({ tool, onEdit }: { readonly tool: OwnTool; readonly onEdit: () => void }) {
  const remove = useChange('DELETE /api/clients/{client_id}/tools/{tool_id}', {
    refreshes: [LIST],
  });
  const [trying, setTrying] = useState(false);
  const confirm = useConfirm();
  const toasts = useToasts();
  const params = { client_id: tool.client_id, tool_id: tool.id };
  const drop = async () => {
    const sure = await confirm({
      title: line.removeTool(tool.name),
      text: line.removeToolText,
      action: texts.ui.delete,
      danger: true,
    });
    if (sure) await remove.mutateAsync({ params }).catch((error: unknown) => toasts.failed(error));
  };
  return (
    <li className="px-4 py-3 text-sm hover:bg-hover/60 sm:px-5">
      <div className="relative flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <button
            type="button"
            className="font-mono text-xs font-medium after:absolute after:inset-0 after:content-['']"
            onClick={onEdit}
          >
            {tool.name}
          </button>
          {!tool.is_active && <Badge className="ml-2">{line.off}</Badge>}
          <p className="truncate text-xs text-faint">{tool.description}</p>
        </div>
        <Button size="small" icon={Play} className="relative" onClick={() => setTrying(true)}>
          {line.toolTry}
        </Button>
        <IconButton
          icon={Trash2}
          size="small"
          className="relative"
          label={`${texts.ui.delete}: ${tool.name}`}
          pending={remove.isPending}
          onClick={() => void drop()}
        />
      </div>
      {trying && <TryTool tool={tool} onClose={() => setTrying(false)} />}
    </li>
  );
}
