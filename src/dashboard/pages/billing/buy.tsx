// Packages of talk time, and the way to the payment page.

import { Clock } from 'lucide-react';
import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { formatMinutes, formatMoney } from '../../lib/format.ts';
import { useLeaving } from '../../lib/use-leaving.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Skeleton } from '../../ui/states.tsx';
import { useToasts } from '../../ui/toasts.tsx';

export type Package = Answer<'GET /api/billing/packages'>[number];

/** Prices change seldom. */
const PRICES_FRESH_MS = 300_000;

export function usePackages(kind: Package['kind']) {
  const query = useRead('GET /api/billing/packages', {}, { freshMs: PRICES_FRESH_MS });
  const packages = query.data
    ?.filter((each) => each.kind === kind && each.is_active)
    .toSorted((one, other) => one.position - other.position);
  return { ...query, packages };
}

export function Buy({ clientId }: { readonly clientId: string }) {
  const query = usePackages('top_up');
  const buy = useChange('POST /api/clients/{client_id}/top-ups');
  const [isLeaving, leave] = useLeaving();
  const toasts = useToasts();
  const start = async (chosen: Package) => {
    try {
      const { url } = await buy.mutateAsync({
        params: { client_id: clientId },
        body: {
          package_id: chosen.id,
          save_payment_method: true,
          return_path: `/app/clients/${clientId}/billing`,
        },
      });
      leave(url);
    } catch (error) {
      toasts.failed(error);
    }
  };
  const chosenId = buy.isPending || isLeaving ? buy.variables?.body.package_id : undefined;
  return (
    <Card title={texts.billing.buyTitle} description={texts.billing.buyText}>
      <QueryView query={query} loading={<Skeleton className="h-28" />}>
        {() =>
          query.packages?.length === 0 ? (
            <Empty icon={Clock} compact title={texts.billing.noPackages}>
              {texts.billing.noPackagesHint}
            </Empty>
          ) : (
            <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
              {query.packages?.map((each) => (
                <li
                  key={each.id}
                  className="flex flex-col rounded-xl border border-line bg-sunken/50 p-4"
                >
                  <p className="font-medium">{each.name}</p>
                  <p className="numbers mt-1 text-xl font-semibold">
                    {formatMoney(each.amount, each.currency)}
                  </p>
                  <p className="numbers mt-0.5 text-sm text-muted">
                    {formatMinutes(each.seconds)}
                    {' · '}
                    {texts.billing.perMinute(
                      formatMoney((each.amount * 60) / each.seconds, each.currency),
                    )}
                  </p>
                  {each.description && (
                    <p className="mt-1 text-xs text-faint">{each.description}</p>
                  )}
                  <Button
                    look="primary"
                    className="mt-4 w-full"
                    aria-label={`${texts.billing.buy} ${each.name}`}
                    pending={chosenId === each.id}
                    disabled={chosenId !== undefined && chosenId !== each.id}
                    onClick={() => void start(each)}
                  >
                    {texts.billing.buy}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </Card>
  );
}
