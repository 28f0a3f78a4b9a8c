// All clients of the owner, with what each has left.

import { Building2, Plus } from 'lucide-react';
import { useClients } from '../../lib/clients.ts';
import type { Client } from '../../lib/clients.ts';
import { formatMinutes, formatPhone } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';

export function ClientsPage() {
  const query = useClients();
  const create = (
    <LinkButton look="primary" icon={Plus} href="/app/clients/new">
      {texts.clients.create}
    </LinkButton>
  );
  return (
    <Page
      title={texts.clients.title}
      description={texts.clients.description}
      actions={query.clients && query.clients.length > 0 && create}
    >
      <Card flush>
        <QueryView query={query}>
          {() =>
            query.clients?.length === 0 ? (
              <Empty icon={Building2} title={texts.clients.none} action={create}>
                {texts.clients.noneHint}
              </Empty>
            ) : (
              <Table<Client>
                label={texts.clients.title}
                rows={query.clients ?? []}
                keyOf={({ id }) => id}
                hrefOf={({ id }) => `/app/clients/${id}/settings`}
                columns={[
                  {
                    name: texts.clients.name,
                    cell: (client) => <span className="font-medium">{client.name}</span>,
                  },
                  {
                    name: texts.clients.number,
                    from: 'sm',
                    className: 'numbers text-muted',
                    cell: (client) =>
                      client.phone_number
                        ? formatPhone(client.phone_number)
                        : texts.clients.noNumber,
                  },
                  {
                    name: texts.clients.balance,
                    align: 'right',
                    className: 'numbers',
                    cell: (client) => formatMinutes(client.balance_seconds),
                  },
                  {
                    name: texts.clients.state,
                    align: 'right',
                    cell: (client) => <State client={client} />,
                  },
                ]}
              />
            )
          }
        </QueryView>
      </Card>
    </Page>
  );
}

function State({ client }: { readonly client: Client }) {
  if (!client.is_active) return <Badge>{texts.clients.paused}</Badge>;
  if (client.balance_seconds <= 0 || client.debt_seconds > 0) {
    return <Badge tone="bad">{texts.clients.noCredit}</Badge>;
  }
  return <Badge tone="good">{texts.clients.active}</Badge>;
}
