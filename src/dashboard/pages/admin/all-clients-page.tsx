// The clients of all owners, and talk time given or taken with a reason.

import { useState } from 'react';
import { Building2 } from 'lucide-react';
import { useChange, usePages } from '../../lib/api.ts';
import type { Client } from '../../lib/clients.ts';
import { formatMinutes, formatPhone } from '../../lib/format.ts';
import { useSearch } from '../../lib/use-search.ts';
import { useForm } from '../../lib/use-form.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { AdminFrame } from './admin-frame.tsx';

const { admin } = texts;
const PAGE = 50;

export function AllClientsPage() {
  const search = useSearch();
  const clients = usePages('GET /api/clients', { query: { limit: PAGE, ...search.query } });
  const [open, setOpen] = useState<Client>();
  return (
    <AdminFrame>
      <Card
        flush
        title={admin.clients}
        action={
          <SearchBox
            label={texts.clients.search}
            className="w-full sm:w-72"
            value={search.typed}
            onChange={search.type}
          />
        }
      >
        {clients.error ? (
          <Failure error={clients.error} retry={clients.refetch} />
        ) : clients.isPending ? (
          <SkeletonRows />
        ) : clients.rows.length === 0 ? (
          <Empty
            icon={Building2}
            title={search.words === '' ? admin.clientsNone : admin.noneFound}
          />
        ) : (
          <Table<Client>
            label={admin.clients}
            rows={clients.rows}
            keyOf={({ id }) => id}
            columns={[
              {
                name: admin.name,
                className: 'w-full max-w-0',
                cell: ({ name, phone_number: number }) => (
                  <>
                    <span className="block truncate font-medium">{name}</span>
                    <span className="numbers block truncate text-xs text-faint">
                      {number ? formatPhone(number) : texts.clients.noNumber}
                    </span>
                  </>
                ),
              },
              {
                name: texts.clients.balance,
                align: 'right',
                className: 'numbers whitespace-nowrap',
                cell: ({ balance_seconds: seconds }) => formatMinutes(seconds),
              },
              {
                name: admin.adjust,
                hideName: true,
                align: 'right',
                cell: (client) => (
                  <Button size="small" onClick={() => setOpen(client)}>
                    {admin.adjust}
                  </Button>
                ),
              },
            ]}
          />
        )}
        <MoreRows list={clients} />
      </Card>
      {open && <AdjustDialog client={open} onClose={() => setOpen(undefined)} />}
    </AdminFrame>
  );
}

function AdjustDialog({
  client,
  onClose,
}: {
  readonly client: Client;
  readonly onClose: () => void;
}) {
  const form = useForm({ seconds: 0, reason: '' });
  const adjust = useChange('POST /api/clients/{client_id}/adjustments', {
    refreshes: ['GET /api/clients'],
  });
  return (
    <FormDialog
      title={admin.adjustTitle(client.name)}
      description={admin.adjustText}
      form={form}
      save={() => adjust.mutateAsync({ params: { client_id: client.id }, body: form.values })}
      saved={admin.adjusted}
      ready={form.values.seconds !== 0}
      onClose={onClose}
    >
      <NumberField
        label={admin.minutes}
        hint={admin.minutesHint}
        error={form.fault('seconds')}
        value={Math.round(form.values.seconds / 60)}
        onChange={(minutes) => form.set('seconds', (minutes ?? 0) * 60)}
      />
      <Field label={admin.reason} error={form.fault('reason')}>
        {(control) => (
          <Input
            {...control}
            value={form.values.reason}
            onChange={(event) => form.set('reason', event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
