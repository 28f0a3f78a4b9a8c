// All clients of the owner, with what each has left.

import { Building2, Plus, SearchX } from 'lucide-react';
import { useSearchParams } from 'wouter';
import { isNamed, isOutOfTalkTime, SEARCHED_FROM, useClients } from '../../lib/clients.ts';
import type { Client } from '../../lib/clients.ts';
import { formatMinutes, formatPhone } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';

export function ClientsPage() {
  const query = useClients();
  const [search, setSearch] = useSearchParams();
  const q = search.get('q') ?? '';
  const all = query.clients ?? [];
  const found = all.filter((client) => isNamed(client, q));
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
              <>
                {all.length > SEARCHED_FROM && (
                  <SearchBox
                    label={texts.clients.search}
                    value={q}
                    onChange={(next) =>
                      setSearch(next === '' ? {} : { q: next }, { replace: true })
                    }
                    className="m-3 max-w-sm sm:mx-5"
                  />
                )}
                {found.length === 0 ? (
                  <Empty icon={SearchX} title={texts.clients.noneFound} compact />
                ) : (
                  <Table<Client>
                    label={texts.clients.title}
                    rows={found}
                    keyOf={({ id }) => id}
                    hrefOf={({ id }) => `/app/clients/${id}/settings`}
                    columns={[
                      {
                        name: texts.clients.name,
                        cell: (client) => (
                          <span dir="auto" className="font-medium wrap-anywhere">
                            {client.name}
                          </span>
                        ),
                      },
                      {
                        name: texts.clients.number,
                        from: 'sm',
                        className: 'numbers text-muted whitespace-nowrap',
                        cell: (client) =>
                          client.phone_number
                            ? formatPhone(client.phone_number)
                            : texts.clients.noNumber,
                      },
                      {
                        name: texts.clients.balance,
                        align: 'right',
                        className: 'numbers whitespace-nowrap',
                        cell: (client) => formatMinutes(client.balance_seconds),
                      },
                      {
                        name: texts.clients.state,
                        align: 'right',
                        cell: (client) => <State client={client} />,
                      },
                    ]}
                  />
                )}
              </>
            )
          }
        </QueryView>
      </Card>
    </Page>
  );
}

function State({ client }: { readonly client: Client }) {
  if (!client.is_active) return <Badge>{texts.clients.paused}</Badge>;
  if (isOutOfTalkTime(client)) {
    return <Badge tone="bad">{texts.clients.noTalkTime}</Badge>;
  }
  return <Badge tone="good">{texts.clients.active}</Badge>;
}
