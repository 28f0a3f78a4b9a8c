// The callers a client knows: found, added, changed, imported and exported.

import { useState } from 'react';
import { Plus, Upload, Users } from 'lucide-react';
import { useParams, useSearchParams } from 'wouter';
import { usePages, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import { explain, statusOf } from '../../lib/failures.ts';
import { formatMoment, formatPhone } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useSearch } from '../../lib/use-search.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { DownloadLink } from '../../ui/download-link.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { RowButton, Table } from '../../ui/table.tsx';
import { ContactDialog } from './contact-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';

export type Contact = Answer<'GET /api/contacts/{contact_id}'>;

const MINUTE_MS = 60_000;
const PAGE = 100;

type Open = 'new' | 'import' | Contact | undefined;

export function ContactsPage() {
  const { clientId } = useParams<{ clientId: string }>();
  const [open, setOpen] = useState<Open>();
  const [address, setAddress] = useSearchParams();
  const { typed, type, words, query } = useSearch();
  const named = address.get('contact') ?? '';
  const one = useRead(
    'GET /api/contacts/{contact_id}',
    { params: { contact_id: named } },
    { enabled: named !== '' },
  );
  const shown = open ?? (named === '' ? undefined : one.data);
  const close = () => {
    setOpen(undefined);
    if (named !== '') setAddress(typed === '' ? {} : { q: typed }, { replace: true });
  };
  const contacts = usePages('GET /api/clients/{client_id}/contacts', {
    params: { client_id: clientId },
    query: { limit: PAGE, ...query },
  });
  const none = contacts.rows.length === 0 && words === '';
  const add = (
    <Button look="primary" icon={Plus} onClick={() => setOpen('new')}>
      {texts.contacts.add}
    </Button>
  );
  const importing = (
    <Button icon={Upload} onClick={() => setOpen('import')}>
      {texts.contacts.importCsv}
    </Button>
  );
  return (
    <Page
      title={texts.contacts.title}
      description={texts.contacts.description}
      actions={
        !contacts.isPending && !(none && !contacts.error) ? (
          <>
            {importing}
            <DownloadLink href={`/api/clients/${clientId}/contacts/export`}>
              {texts.contacts.exportCsv}
            </DownloadLink>
            {add}
          </>
        ) : undefined
      }
    >
      {named !== '' && one.isError && (
        <Notice className="mb-4">
          {statusOf(one.error) === 404 ? texts.contacts.gone : explain(one.error)}
        </Notice>
      )}
      <Card flush>
        {!none && (
          <div className="flex flex-wrap items-center gap-3 px-4 py-3 sm:px-5">
            <SearchBox
              label={texts.contacts.search}
              value={typed}
              onChange={type}
              className="w-full max-w-sm"
            />
            <p className="ml-auto text-xs text-faint" role="status">
              {!contacts.isPending && texts.contacts.count(contacts.total, contacts.countedMax)}
            </p>
          </div>
        )}
        <div className={none ? undefined : 'border-t border-line'}>
          {contacts.error ? (
            <Failure error={contacts.error} retry={contacts.refetch} />
          ) : contacts.isPending ? (
            <SkeletonRows />
          ) : contacts.rows.length > 0 ? (
            <Rows clientId={clientId} rows={contacts.rows} onOpen={setOpen} />
          ) : words === '' ? (
            <Empty
              icon={Users}
              title={texts.contacts.none}
              action={
                <>
                  {importing}
                  {add}
                </>
              }
            >
              {texts.contacts.noneHint}
            </Empty>
          ) : (
            <Empty icon={Users} title={texts.contacts.noneFound}>
              {texts.contacts.noneFoundHint(words)}
            </Empty>
          )}
        </div>
        <MoreRows list={contacts} />
      </Card>
      {shown === 'import' && <ImportDialog clientId={clientId} onClose={close} />}
      {shown !== undefined && shown !== 'import' && (
        <ContactDialog
          clientId={clientId}
          contact={shown === 'new' ? undefined : shown}
          onClose={close}
        />
      )}
    </Page>
  );
}

function Rows({
  clientId,
  rows,
  onOpen,
}: {
  readonly clientId: string;
  readonly rows: readonly Contact[];
  readonly onOpen: (contact: Contact) => void;
}) {
  const nowMs = useNow(MINUTE_MS);
  const zone = useClient(clientId).data?.zone ?? 'UTC';
  return (
    <Table<Contact>
      label={texts.contacts.title}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          name: texts.contacts.name,
          className: 'max-md:w-full max-md:max-w-0',
          cell: (contact) => (
            <RowButton onClick={() => onOpen(contact)}>
              <span className="block truncate md:max-w-64">
                {contact.name || <span className="text-faint">{texts.contacts.noName}</span>}
              </span>
              <span className="numbers block truncate text-xs font-normal text-faint sm:hidden">
                {formatPhone(contact.phone_number)}
              </span>
            </RowButton>
          ),
        },
        {
          name: texts.contacts.number,
          from: 'sm',
          className: 'numbers text-muted whitespace-nowrap',
          cell: ({ phone_number: number }) => formatPhone(number),
        },
        {
          name: texts.contacts.notes,
          from: 'lg',
          className: 'text-muted',
          cell: ({ notes }) => <span className="line-clamp-1 max-w-md">{notes}</span>,
        },
        {
          name: texts.contacts.lastCall,
          align: 'right',
          className: 'numbers text-muted whitespace-nowrap',
          cell: ({ last_call_at: at }) =>
            at === null ? texts.contacts.never : formatMoment(at, zone, nowMs),
        },
      ]}
    />
  );
}
