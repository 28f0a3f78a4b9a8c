// A test call by voice: the call on one side, what is said on the other.

import { useCallback, useState } from 'react';
import { Grid3x3, Mic, MicOff, Phone, PhoneOff } from 'lucide-react';
import { RunningTranscript } from '../../calls/running-transcript.tsx';
import { Waterfall } from '../../calls/waterfall.tsx';
import { classes } from '../../lib/class-names.ts';
import { elapsed } from '../../lib/clock.ts';
import { formatDuration, formatPhone } from '../../lib/format.ts';
import { useLeaveGuard } from '../../lib/location.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useTestCall } from './use-test-call.ts';
import type { TestCall } from './use-test-call.ts';

const { talk } = texts;
const keys = '1 2 3 4 5 6 7 8 9 * 0 #'.split(' ');

export function VoiceCall({
  clientId,
  zone,
}: {
  readonly clientId: string;
  readonly zone: string | undefined;
}) {
  const call = useTestCall(clientId);
  useCallGuard(call.state === 'live' || call.state === 'opening');
  const { turns, settled, interim } = call;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-5 lg:sticky lg:top-7">
        <Card>
          <Handset call={call} clientId={clientId} />
        </Card>
        {turns.some(({ latency }) => latency?.response_ms != null) && (
          <Card title={texts.conversations.turns} className="max-lg:hidden">
            <Waterfall turns={turns} />
          </Card>
        )}
      </div>
      <RunningTranscript
        turns={turns}
        settled={settled}
        interim={interim}
        zone={zone}
        none={talk.transcriptNone}
      />
    </div>
  );
}

/** Another page ends the call: not by a slip. */
function useCallGuard(running: boolean): void {
  const confirm = useConfirm();
  const ask = useCallback(
    () =>
      confirm({
        title: talk.leaveQuestion,
        text: talk.leaveText,
        action: talk.stop,
        danger: true,
      }),
    [confirm],
  );
  useLeaveGuard(running, ask);
}

function Handset({ call, clientId }: { readonly call: TestCall; readonly clientId: string }) {
  const { state, muted } = call;
  const isLive = state === 'live';
  const status =
    state === 'opening'
      ? talk.opening
      : state === 'ended'
        ? talk.ended
        : isLive
          ? muted
            ? talk.muted
            : talk.listening
          : talk.ready;
  return (
    <div className="flex flex-col items-center gap-4 py-4 text-center">
      <span
        className={classes(
          'flex size-20 items-center justify-center rounded-full transition-colors',
          isLive && !muted ? 'bg-accent text-on-accent' : 'bg-hover text-faint',
        )}
      >
        <span
          className={classes(
            'flex size-20 items-center justify-center rounded-full',
            isLive && !muted && 'animate-pulse-soft',
          )}
        >
          {isLive && muted ? <MicOff size={30} aria-hidden /> : <Mic size={30} aria-hidden />}
        </span>
      </span>
      <div role="status">
        <p className="font-medium">{status}</p>
        {isLive && call.startedMs !== undefined && <Clock startedMs={call.startedMs} />}
        {state === 'idle' && <p className="mt-1 text-sm text-muted">{talk.readyHint}</p>}
      </div>
      {call.transferredTo && (
        <Notice className="text-left">{talk.transferred(formatPhone(call.transferredTo))}</Notice>
      )}
      {call.failure && (
        <Notice tone="bad" className="text-left">
          {call.failure}
        </Notice>
      )}
      {isLive || state === 'opening' ? (
        <LiveButtons call={call} />
      ) : (
        <div className="flex flex-wrap justify-center gap-2">
          <Button look="primary" icon={Phone} onClick={call.start}>
            {state === 'ended' ? talk.again : talk.start}
          </Button>
          {state === 'ended' && call.callId && (
            <LinkButton href={`/app/clients/${clientId}/conversations/${call.callId}`}>
              {talk.toConversation}
            </LinkButton>
          )}
        </div>
      )}
    </div>
  );
}

function LiveButtons({ call }: { readonly call: TestCall }) {
  const [keypad, setKeypad] = useState(false);
  const { muted, state } = call;
  return (
    <>
      <div className="flex flex-wrap justify-center gap-2">
        {state === 'live' && (
          <>
            <Button
              icon={muted ? MicOff : Mic}
              aria-pressed={muted}
              onClick={() => call.setMuted(!muted)}
            >
              {muted ? talk.unmute : talk.mute}
            </Button>
            <Button icon={Grid3x3} aria-expanded={keypad} onClick={() => setKeypad(!keypad)}>
              {talk.keypad}
            </Button>
          </>
        )}
        <Button look="danger" icon={PhoneOff} onClick={call.stop}>
          {talk.stop}
        </Button>
      </div>
      {keypad && state === 'live' && (
        <div className="grid grid-cols-3 gap-2">
          {keys.map((key) => (
            <Button
              key={key}
              aria-label={talk.key(key)}
              className="numbers w-16"
              onClick={() => call.press(key)}
            >
              {key}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

function Clock({ startedMs }: { readonly startedMs: number }) {
  useNow();
  return (
    <p className="numbers text-sm text-muted">{formatDuration((elapsed() - startedMs) / 1000)}</p>
  );
}
