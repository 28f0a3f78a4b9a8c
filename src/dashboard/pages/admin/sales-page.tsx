// What is sold, and what calls cost and bring in.

import { useState } from 'react';
import { Package as PackageIcon, Plus, Scale } from 'lucide-react';
import { useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { formatCost, formatCount, formatMinutes, formatMoney } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { addDays, dayAt } from '../../lib/zoned.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { RowButton, Table } from '../../ui/table.tsx';
import type { Package } from '../billing/buy.tsx';
import { AdminFrame } from './admin-frame.tsx';
import { PackageDialog } from './package-dialog.tsx';

const { admin } = texts;
type Margin = Answer<'GET /api/billing/margins'>[number];

const DAYS = 30;
const HOUR_MS = 3_600_000;

export function SalesPage() {
  const [open, setOpen] = useState<Package | 'new'>();
  return (
    <AdminFrame
      actions={
        <Button look="primary" icon={Plus} onClick={() => setOpen('new')}>
          {admin.addPackage}
        </Button>
      }
    >
      <div className="space-y-5">
        <Packages onOpen={setOpen} />
        <Margins />
      </div>
      {open !== undefined && (
        <PackageDialog
          sold={open === 'new' ? undefined : open}
          onClose={() => setOpen(undefined)}
        />
      )}
    </AdminFrame>
  );
}

function Packages({ onOpen }: { readonly onOpen: (sold: Package) => void }) {
  const packages = useRead('GET /api/billing/packages');
  return (
    <Card flush title={admin.packages} description={admin.packagesHint}>
      <QueryView query={packages}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={PackageIcon} compact title={admin.packagesNone} />
          ) : (
            <Table<Package>
              label={admin.packages}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  name: admin.name,
                  className: 'w-full max-w-0',
                  cell: (sold) => <RowButton onClick={() => onOpen(sold)}>{sold.name}</RowButton>,
                },
                {
                  name: admin.kind,
                  from: 'sm',
                  className: 'text-muted whitespace-nowrap',
                  cell: ({ kind }) => admin.kinds[kind],
                },
                {
                  name: admin.talkTime,
                  align: 'right',
                  className: 'numbers whitespace-nowrap',
                  cell: ({ seconds }) => formatMinutes(seconds),
                },
                {
                  name: admin.price,
                  align: 'right',
                  className: 'numbers whitespace-nowrap',
                  cell: ({ amount, currency }) => formatMoney(amount, currency),
                },
                {
                  name: admin.status,
                  align: 'right',
                  from: 'sm',
                  cell: ({ is_active: active }) =>
                    active ? (
                      <Badge tone="good">{admin.forSale}</Badge>
                    ) : (
                      <Badge>{admin.notForSale}</Badge>
                    ),
                },
              ]}
            />
          )
        }
      </QueryView>
    </Card>
  );
}

function Margins() {
  const until = dayAt(useNow(HOUR_MS), 'UTC');
  const margins = useRead('GET /api/billing/margins', {
    query: { from: addDays(until, 1 - DAYS), until },
  });
  const money = (microdollars: number | null) =>
    microdollars === null ? '–' : formatCost(microdollars);
  return (
    <Card flush title={admin.margins} description={admin.marginsText}>
      <QueryView query={margins}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={Scale} compact title={admin.marginsNone} />
          ) : (
            <Table<Margin>
              label={admin.margins}
              rows={rows}
              keyOf={({ client_id: id }) => id}
              columns={[
                {
                  name: admin.client,
                  className: 'w-full max-w-0',
                  cell: ({ client_name: name }) => (
                    <span className="block truncate font-medium">{name}</span>
                  ),
                },
                {
                  name: admin.calls,
                  align: 'right',
                  from: 'md',
                  className: 'numbers',
                  cell: ({ calls }) => formatCount(calls),
                },
                {
                  name: admin.used,
                  align: 'right',
                  from: 'md',
                  className: 'numbers whitespace-nowrap',
                  cell: ({ used_seconds: seconds }) => formatMinutes(seconds),
                },
                {
                  name: admin.cost,
                  align: 'right',
                  className: 'numbers',
                  cell: ({ cost_microdollars: cost }) => money(cost),
                },
                {
                  name: admin.revenue,
                  align: 'right',
                  from: 'sm',
                  className: 'numbers',
                  cell: ({ revenue_microdollars: revenue }) => money(revenue),
                },
                {
                  name: admin.margin,
                  align: 'right',
                  className: 'numbers',
                  cell: ({ margin_microdollars: margin }) => (
                    <span className={margin !== null && margin < 0 ? 'text-bad' : undefined}>
                      {money(margin)}
                    </span>
                  ),
                },
              ]}
            />
          )
        }
      </QueryView>
    </Card>
  );
}
