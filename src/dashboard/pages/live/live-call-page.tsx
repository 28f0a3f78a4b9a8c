// One running call: what is said as it is said, tools, the time of each answer, talk time ticking, and a way to end it.

import { useState } from 'react';
import { PhoneOff } from 'lucide-react';
import { useParams } from 'wouter';
import { RunningTranscript } from '../../calls/running-transcript.tsx';
import { Waterfall } from '../../calls/waterfall.tsx';
import { useChange } from '../../lib/api.ts';
import { callerDetail, callerName } from '../../lib/callers.ts';
import { elapsed } from '../../lib/clock.ts';
import { useClient } from '../../lib/clients.ts';
import { formatDuration, formatLatency, formatMinutes } from '../../lib/format.ts';
import { PULSE } from '../../lib/pulse.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Card, Stat } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, SkeletonRows } from '../../ui/states.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { StepIn } from './step-in.tsx';
import { useLiveCall } from './use-live-call.ts';
import type { LiveCall, WatchedCall } from './use-live-call.ts';

const back = { href: '/app/live', label: texts.live.title };

export function LiveCallPage() {
  const { callId = '' } = useParams();
  const watched = useLiveCall(callId);
  const { call, state } = watched;
  if (state === 'gone') {
    return (
      <Page title={texts.live.gone} back={back}>
        <Card>
          <Empty icon={PhoneOff} title={texts.live.gone}>
            {texts.live.goneHint}
          </Empty>
        </Card>
      </Page>
    );
  }
  if (!call) {
    return (
      <Page title={texts.live.title} back={back}>
        <Card flush>
          <SkeletonRows />
        </Card>
      </Page>
    );
  }
  return (
    <Page
      title={callerName(call)}
      mark={<State state={state} />}
      description={[call.client_name, callerDetail(call)].filter(Boolean).join(' · ')}
      back={back}
      actions={
        state === 'ended' ? (
          <LinkButton
            look="primary"
            href={`/app/clients/${call.client_id}/conversations/${call.call_id}`}
          >
            {texts.live.toConversation}
          </LinkButton>
        ) : (
          <HangUp callId={callId} />
        )
      }
    >
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)] lg:grid-rows-[auto_1fr] lg:*:first:row-span-2">
        <Said watched={watched} call={call} />
        <div className="order-first min-w-0 lg:order-none">
          <Figures watched={watched} call={call} />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          {state !== 'ended' && <StepIn call={call} refusal={watched.refusal} />}
          <Card title={texts.conversations.turns} className="max-lg:hidden">
            <Waterfall turns={watched.turns} />
          </Card>
        </div>
      </div>
    </Page>
  );
}

function State({ state }: { readonly state: WatchedCall['state'] }) {
  if (state === 'ended') return <Badge>{texts.live.over}</Badge>;
  if (state === 'lost') return <Badge tone="warn">{texts.live.lost}</Badge>;
  return (
    <Badge tone="good" live>
      {texts.live.watching}
    </Badge>
  );
}

function Said({ watched, call }: { readonly watched: WatchedCall; readonly call: LiveCall }) {
  const { turns, settled, interim } = watched;
  const zone = useClient(call.client_id).data?.zone;
  return (
    <RunningTranscript
      turns={turns}
      settled={settled}
      interim={interim}
      zone={zone}
      none={texts.live.listening}
    />
  );
}

function Figures({ watched, call }: { readonly watched: WatchedCall; readonly call: LiveCall }) {
  const { state, turns } = watched;
  const running = state !== 'ended';
  const nowMs = useFrozenNow(running);
  const balance = useTickingBalance(watched.balanceSeconds, running);
  const latest = turns.findLast(({ latency }) => latency?.response_ms != null)?.latency;
  return (
    <div className="grid grid-cols-3 gap-3 lg:grid-cols-1 xl:grid-cols-2 xl:*:last:col-span-2">
      <Stat
        label={texts.live.elapsed}
        value={formatDuration((nowMs - Date.parse(call.start_time)) / 1000)}
      />
      <Stat
        label={texts.live.balance}
        value={balance === undefined ? '–' : formatMinutes(balance)}
      />
      <Stat label={texts.live.lastAnswer} value={formatLatency(latest?.response_ms)} />
    </div>
  );
}

/** The present moment, until the call ends. */
function useFrozenNow(running: boolean): number {
  const nowMs = useNow();
  const [lastMs, setLastMs] = useState(nowMs);
  if (running && lastMs !== nowMs) setLastMs(nowMs);
  return running ? nowMs : lastMs;
}

/** Told every ten seconds; in between it runs down as the call goes on. */
function useTickingBalance(told: number | undefined, running: boolean): number | undefined {
  useNow();
  const [since, setSince] = useState({ told, atMs: elapsed() });
  if (since.told !== told) setSince({ told, atMs: elapsed() });
  if (told === undefined) return undefined;
  return running ? Math.max(0, told - Math.floor((elapsed() - since.atMs) / 1000)) : told;
}

function HangUp({ callId }: { readonly callId: string }) {
  const hangUp = useChange('POST /api/active-calls/{call_id}/hang-up', {
    refreshes: [PULSE],
  });
  const confirm = useConfirm();
  const toasts = useToasts();
  const act = async () => {
    const sure = await confirm({
      title: texts.live.hangUpQuestion,
      text: texts.live.hangUpText,
      action: texts.live.hangUp,
      danger: true,
    });
    if (!sure) return;
    try {
      await hangUp.mutateAsync({ params: { call_id: callId } });
      toasts.done(texts.live.hangUpDone);
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <Button look="danger" icon={PhoneOff} pending={hangUp.isPending} onClick={() => void act()}>
      {texts.live.hangUp}
    </Button>
  );
}
