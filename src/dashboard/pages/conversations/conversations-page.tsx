// All conversations of a client, with search and filters; ten thousand rows scroll like ten.

import { MessagesSquare, SearchX } from 'lucide-react';
import { useParams } from 'wouter';
import { useRead } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import { formatZone } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { DownloadLink } from '../../ui/download-link.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { ConversationRows } from './conversation-rows.tsx';
import { FilterBar } from './filter-bar.tsx';
import { useFilterQuery, useFilters } from './filters.ts';
import { useRows } from './use-rows.ts';

export function ConversationsPage() {
  const { clientId = '' } = useParams();
  const client = useClient(clientId);
  const filters = useFilters();
  const query = useFilterQuery(filters, client.data?.zone);
  const rows = useRows(clientId, query, client.data !== undefined);
  const ways = useRead('GET /auth/ways', {}, { enabled: rows.total === 0, freshMs: Infinity });
  return (
    <Page
      title={texts.conversations.title}
      description={
        rows.total === undefined
          ? ' '
          : [
              texts.conversations.count(rows.total, rows.countedMax),
              formatZone(client.data?.zone, texts.ui.timesIn),
            ]
              .filter(Boolean)
              .join(' · ')
      }
      actions={
        rows.total !== undefined &&
        rows.total > 0 && (
          <DownloadLink
            href={`/api/clients/${clientId}/conversations.csv?${new URLSearchParams(
              Object.entries(query).map(([name, value]) => [name, String(value)]),
            ).toString()}`}
          >
            {texts.billing.exportCsv}
          </DownloadLink>
        )
      }
    >
      <FilterBar filters={filters} />
      <Card flush>
        {rows.error && rows.total === undefined ? (
          <Failure error={rows.error} retry={rows.retry} />
        ) : rows.total === undefined || !client.data ? (
          <SkeletonRows rows={9} />
        ) : rows.total === 0 && filters.any ? (
          <Empty
            icon={SearchX}
            title={texts.conversations.noMatch}
            action={<Button onClick={() => filters.clear()}>{texts.conversations.clear}</Button>}
          >
            {texts.conversations.noMatchHint}
          </Empty>
        ) : rows.total === 0 ? (
          <Empty
            icon={MessagesSquare}
            title={texts.conversations.none}
            action={
              <LinkButton look="primary" href={`/app/clients/${clientId}/talk`}>
                {texts.home.testCall}
              </LinkButton>
            }
          >
            {texts.conversations.noneHint} {ways.data?.demo && texts.live.noneHint}
          </Empty>
        ) : (
          <>
            <ConversationRows
              clientId={clientId}
              total={rows.total}
              rowAt={rows.rowAt}
              want={rows.want}
              zone={client.data.zone}
            />
            {rows.total === rows.countedMax && (
              <p className="px-4 py-3 text-xs text-faint sm:px-5">
                {texts.conversations.listedHere(rows.total)}
              </p>
            )}
          </>
        )}
      </Card>
    </Page>
  );
}
