// Talk time of a client: what is left, buying more, the plan, automatic top-up, and where it went.

import { useParams } from 'wouter';
import { useRead } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { formatMinutes } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { Stat } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Skeleton } from '../../ui/states.tsx';
import { AutoTopUp } from './auto-top-up.tsx';
import { BillingFrame } from './billing-frame.tsx';
import { Buy } from './buy.tsx';
import { OrderNews } from './order-news.tsx';
import { Plan } from './plan.tsx';
import { TalkTimeNotice } from './talk-time-notice.tsx';
import { Usage, useDailyUsage } from './usage.tsx';

type Balance = Answer<'GET /api/clients/{client_id}/balance'>;

/** A running call uses a second a second; the server knows to five. */
const EVERY_MS = 10_000;

export function BillingPage() {
  const { clientId } = useParams<{ clientId: string }>();
  const params = { client_id: clientId };
  const balance = useRead(
    'GET /api/clients/{client_id}/balance',
    { params },
    { everyMs: EVERY_MS },
  );
  return (
    <BillingFrame clientId={clientId}>
      <div className="space-y-5">
        <OrderNews clientId={clientId} />
        <QueryView query={balance} loading={<Skeleton className="h-24 rounded-xl" />}>
          {(answer) => (
            <>
              <Warning balance={answer} />
              <Figures clientId={clientId} balance={answer} />
            </>
          )}
        </QueryView>
        <Buy clientId={clientId} />
        <div className="grid gap-5 lg:grid-cols-2">
          <Plan clientId={clientId} />
          <AutoTopUp clientId={clientId} />
        </div>
        <Usage clientId={clientId} />
      </div>
    </BillingFrame>
  );
}

function Warning({ balance }: { readonly balance: Balance }) {
  const { billing } = texts;
  if (balance.suspended) {
    return (
      <Notice tone="bad" title={billing.suspendedTitle}>
        {billing.suspendedText}
      </Notice>
    );
  }
  if (balance.debt_seconds > 0) {
    return (
      <Notice tone="bad" title={billing.debtTitle}>
        {billing.debtText}
      </Notice>
    );
  }
  if (balance.free_seconds <= 0 && balance.running_calls === 0) {
    return <TalkTimeNotice left="none" />;
  }
  if (!balance.low) return null;
  return <TalkTimeNotice left="little" below={formatMinutes(balance.low_below_seconds ?? 0)} />;
}

function Figures({ clientId, balance }: { readonly clientId: string; readonly balance: Balance }) {
  const { usage, until } = useDailyUsage(clientId);
  const month = (usage.data ?? []).filter(({ date }) => date.slice(0, 7) === until.slice(0, 7));
  const sum = (count: (day: (typeof month)[number]) => number) =>
    month.reduce((total, day) => total + count(day), 0);
  return (
    <div className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-3">
      <Stat
        label={texts.billing.balance}
        value={formatMinutes(balance.balance_seconds)}
        note={texts.billing.running(balance.running_calls)}
      />
      {balance.debt_seconds > 0 ? (
        <Stat
          label={texts.billing.debt}
          value={formatMinutes(balance.debt_seconds)}
          note={texts.billing.debtNote}
        />
      ) : (
        <Stat
          label={texts.billing.free}
          value={formatMinutes(balance.free_seconds)}
          note={texts.billing.freeNote}
        />
      )}
      <Stat
        className="max-lg:col-span-2"
        label={texts.billing.usedThisMonth}
        value={formatMinutes(sum((day) => day.call_seconds + day.chat_seconds))}
        note={texts.billing.usedNote(sum(({ calls }) => calls))}
      />
    </div>
  );
}
