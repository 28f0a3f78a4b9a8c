// Words that are answered without asking the model.

import { useState } from 'react';
import { Plus, Zap } from 'lucide-react';
import { useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useClients } from '../../lib/clients.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { RowButton, Table } from '../../ui/table.tsx';
import { AdminFrame } from './admin-frame.tsx';
import { CommandDialog } from './command-dialog.tsx';

const { admin } = texts;
export type Command = Answer<'GET /admin/bot/commands'>[number];

export function CommandsPage() {
  const commands = useRead('GET /admin/bot/commands');
  const { clients } = useClients();
  const [open, setOpen] = useState<Command | 'new'>();
  const add = (
    <Button look="primary" icon={Plus} onClick={() => setOpen('new')}>
      {admin.addCommand}
    </Button>
  );
  const nameOf = (clientId: string | null) =>
    clientId === null
      ? admin.forAll
      : (clients?.find(({ id }) => id === clientId)?.name ?? admin.client);
  return (
    <AdminFrame actions={commands.data && commands.data.length > 0 && add}>
      <Card flush title={admin.commands} description={admin.commandsText}>
        <QueryView query={commands}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon={Zap} title={admin.commandsNone} action={add}>
                {admin.commandsNoneHint}
              </Empty>
            ) : (
              <Table<Command>
                label={admin.commands}
                rows={rows}
                keyOf={({ id }) => id}
                columns={[
                  {
                    name: admin.command,
                    className: 'whitespace-nowrap',
                    cell: (command) => (
                      <RowButton onClick={() => setOpen(command)}>{command.name}</RowButton>
                    ),
                  },
                  {
                    name: admin.triggers,
                    className: 'w-full max-w-0 text-muted',
                    cell: ({ triggers, reply, tool }) => (
                      <span className="block truncate">
                        {triggers.join(', ')}
                        {' → '}
                        {reply ?? admin.tools[tool ?? ''] ?? tool}
                      </span>
                    ),
                  },
                  {
                    name: admin.client,
                    from: 'md',
                    className: 'text-muted whitespace-nowrap',
                    cell: ({ client_id: clientId }) => nameOf(clientId),
                  },
                  {
                    name: admin.status,
                    align: 'right',
                    cell: ({ is_active: active }) =>
                      active ? (
                        <Badge tone="good">{admin.active}</Badge>
                      ) : (
                        <Badge>{admin.off}</Badge>
                      ),
                  },
                ]}
              />
            )
          }
        </QueryView>
      </Card>
      {open !== undefined && (
        <CommandDialog
          command={open === 'new' ? undefined : open}
          onClose={() => setOpen(undefined)}
        />
      )}
    </AdminFrame>
  );
}
