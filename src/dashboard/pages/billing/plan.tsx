// The monthly plan: begun, changed, cancelled, and the payment service's own pages for cards and invoices.

import { useChange, useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { useClient } from '../../lib/clients.ts';
import { explain } from '../../lib/failures.ts';
import { formatDate, formatMinutes, formatMoney } from '../../lib/format.ts';
import { useLeaving } from '../../lib/use-leaving.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { FieldError } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Skeleton } from '../../ui/states.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { usePackages } from './buy.tsx';
import type { Package } from './buy.tsx';

type CurrentPlan = Answer<'GET /api/clients/{client_id}/plan'>['plan'];

export function Plan({ clientId }: { readonly clientId: string }) {
  const query = useRead('GET /api/clients/{client_id}/plan', { params: { client_id: clientId } });
  return (
    <Card
      title={texts.billing.planTitle}
      description={texts.billing.planText}
      action={query.data?.plan && !isPastDue(query.data.plan) && <Portal clientId={clientId} />}
    >
      <QueryView query={query} loading={<Skeleton className="h-28" />}>
        {({ plan }) => (
          <div className="space-y-4">
            {plan && <Current clientId={clientId} plan={plan} />}
            <Offers clientId={clientId} plan={plan} />
          </div>
        )}
      </QueryView>
    </Card>
  );
}

function isPastDue({ status }: NonNullable<CurrentPlan>): boolean {
  return status === 'past_due' || status === 'unpaid';
}

function Current({
  clientId,
  plan,
}: {
  readonly clientId: string;
  readonly plan: NonNullable<CurrentPlan>;
}) {
  const zone = useClient(clientId).data?.zone ?? 'UTC';
  const day = plan.current_period_end && formatDate(plan.current_period_end, zone);
  const price = formatMoney(plan.amount, plan.currency);
  return (
    <div className="space-y-2 text-sm">
      <p>
        <span className="font-medium">{plan.package_name}</span>
        {' · '}
        {texts.billing.planOf(price, formatMinutes(plan.seconds))}
      </p>
      {isPastDue(plan) ? (
        <Notice tone="bad" action={<Portal clientId={clientId} />}>
          {texts.billing.planPastDue}
        </Notice>
      ) : (
        day && (
          <p className="text-muted">
            {plan.cancel_at_period_end
              ? texts.billing.planEnds(day)
              : texts.billing.planRenews(day)}
          </p>
        )
      )}
    </div>
  );
}

function Offers({ clientId, plan }: { readonly clientId: string; readonly plan: CurrentPlan }) {
  const { packages, error } = usePackages('plan');
  const change = useChange('PATCH /api/clients/{client_id}/plan', {
    refreshes: ['GET /api/clients/{client_id}/plan'],
  });
  const begin = useChange('POST /api/clients/{client_id}/plan');
  const [isLeaving, leave] = useLeaving();
  const confirm = useConfirm();
  const toasts = useToasts();
  const params = { client_id: clientId };
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      toasts.failed(error);
    }
  };
  const start = ({ id }: Package) =>
    attempt(async () => {
      const body = { package_id: id, return_path: `/app/clients/${clientId}/billing` };
      leave((await begin.mutateAsync({ params, body })).url);
    });
  const alter = (
    body: { package_id?: string; cancel_at_period_end?: boolean },
    question?: { title: string; text: string; action: string; danger?: boolean },
  ) =>
    attempt(async () => {
      if (question && !(await confirm(question))) return;
      await change.mutateAsync({ params, body });
      toasts.done(texts.billing.planSaved);
    });
  /** The package that is being taken, or the plan as it is. */
  const acting = change.isPending
    ? (change.variables.body.package_id ?? 'plan')
    : begin.isPending || isLeaving
      ? begin.variables?.body.package_id
      : undefined;
  const stateOf = (what: string) => ({
    pending: acting === what,
    disabled: acting !== undefined && acting !== what,
  });
  return (
    <>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {packages?.map((each) => (
          <li key={each.id} className="flex items-center gap-3 px-3.5 py-2.5 text-sm">
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{each.name}</span>
              <span className="numbers block text-xs text-faint">
                {texts.billing.planOf(
                  formatMoney(each.amount, each.currency),
                  formatMinutes(each.seconds),
                )}
              </span>
            </span>
            {each.id === plan?.package_id ? (
              <Badge tone="accent">{texts.billing.planCurrent}</Badge>
            ) : (
              <Button
                size="small"
                {...stateOf(each.id)}
                aria-label={`${plan ? texts.billing.planChange : texts.billing.planBegin}: ${each.name}`}
                onClick={() =>
                  void (plan
                    ? alter(
                        { package_id: each.id },
                        {
                          title: texts.billing.planChangeTitle(each.name),
                          text: texts.billing.planChangeText,
                          action: texts.billing.planChange,
                        },
                      )
                    : start(each))
                }
              >
                {plan ? texts.billing.planChange : texts.billing.planBegin}
              </Button>
            )}
          </li>
        ))}
        {packages?.length === 0 && (
          <li className="px-3.5 py-4 text-center text-sm text-faint">{texts.billing.planNone}</li>
        )}
        {!packages && (
          <li className="px-3.5 py-3">
            {error ? <FieldError>{explain(error)}</FieldError> : <Skeleton className="h-5" />}
          </li>
        )}
      </ul>
      {plan && (
        <Button
          size="small"
          look="quiet"
          {...stateOf('plan')}
          className="-ml-2.5"
          onClick={() =>
            void (plan.cancel_at_period_end
              ? alter({ cancel_at_period_end: false })
              : alter(
                  { cancel_at_period_end: true },
                  {
                    title: texts.billing.planCancelTitle,
                    text: texts.billing.planCancelText,
                    action: texts.billing.planCancel,
                    danger: true,
                  },
                ))
          }
        >
          {plan.cancel_at_period_end ? texts.billing.planResume : texts.billing.planCancel}
        </Button>
      )}
    </>
  );
}

/** The payment service's own pages. */
function Portal({ clientId }: { readonly clientId: string }) {
  const open = useChange('POST /api/clients/{client_id}/portal');
  const [isLeaving, leave] = useLeaving();
  const toasts = useToasts();
  const go = async () => {
    try {
      const { url } = await open.mutateAsync({
        params: { client_id: clientId },
        body: { return_path: `/app/clients/${clientId}/billing` },
      });
      leave(url);
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <Button size="small" pending={open.isPending || isLeaving} onClick={() => void go()}>
      {texts.billing.portal}
    </Button>
  );
}
