// One conversation: what was said, what was done, how long each answer took, what it cost.

import { useRef, useState } from 'react';
import { Check, Download, Flag, Phone, Trash2 } from 'lucide-react';
import { useLocation, useParams } from 'wouter';
import { RecordingPlayer } from '../../calls/recording-player.tsx';
import { TurnList } from '../../calls/turn-list.tsx';
import { turnsOf } from '../../calls/turns.ts';
import type { Turn } from '../../calls/turns.ts';
import { Waterfall } from '../../calls/waterfall.tsx';
import { useChange, useRead } from '../../lib/api.ts';
import { callerDetail, callerName, callerWay } from '../../lib/callers.ts';
import { useClient } from '../../lib/clients.ts';
import { formatMoment } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { texts } from '../../texts/texts.ts';
import { Button, IconButton, LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Outcome } from '../../ui/outcome.tsx';
import { Page } from '../../ui/page.tsx';
import { Failure, SkeletonRows } from '../../ui/states.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { exportJson, exportText } from './export-conversation.ts';
import type { Conversation } from './export-conversation.ts';
import { Facts, PutThrough, Review } from './facts.tsx';

const { conversations } = texts;
/** What may have left a caller with less than they believe. */
const toCallBack: ReadonlySet<string> = new Set(['transfer_untold', 'unbacked_claim']);
const READ = 'GET /api/conversations/{conversation_id}';
/** An open chat goes on; a summary is made when it is over: looked for this often until it is there. */
const REVIEW_EVERY_MS = 5000;

export function ConversationPage() {
  const { clientId = '', conversationId = '' } = useParams();
  const given = { params: { conversation_id: conversationId } };
  const first = useRead(READ, given);
  const isDue = first.data?.review_state === 'due' || isOpenChat(first.data);
  const query = useRead(READ, given, { everyMs: isDue ? REVIEW_EVERY_MS : undefined });
  const zone = useClient(clientId).data?.zone ?? 'UTC';
  const nowMs = useNow(60_000);
  const back = { href: `/app/clients/${clientId}/conversations`, label: conversations.title };
  const { data: conversation } = query;
  if (!conversation) {
    return (
      <Page title={conversations.title} back={back}>
        <Card flush>
          {query.isError ? (
            <Failure error={query.error} retry={() => void query.refetch()} />
          ) : (
            <SkeletonRows />
          )}
        </Card>
      </Page>
    );
  }
  const turns = turnsOf(conversation.transcript, conversation.turns);
  const running = conversation.ended_at === null;
  // There is nothing to listen to in a chat: it is read here while it goes on.
  const isCall = running && conversation.channel !== 'chat';
  return (
    <Page
      title={callerName(conversation)}
      mark={
        <Outcome
          outcome={running ? null : (conversation.outcome ?? 'answered')}
          quietSince={conversation.quiet_since}
        />
      }
      description={[
        callerDetail(conversation),
        callerWay(conversation),
        formatMoment(conversation.started_at, zone, nowMs),
      ]
        .filter(Boolean)
        .join(' · ')}
      back={back}
      actions={
        isCall ? (
          <LinkButton look="primary" href={`/app/live/${conversation.id}`}>
            {texts.home.watch}
          </LinkButton>
        ) : (
          <Actions conversation={conversation} zone={zone} listHref={back.href} />
        )
      }
    >
      {conversation.flags.map((flag) => (
        <Notice
          key={flag}
          tone="warn"
          className="mb-5"
          action={
            toCallBack.has(flag) &&
            conversation.caller_phone && (
              <LinkButton
                size="small"
                icon={Phone}
                href={`tel:${conversation.caller_phone}`}
                external
              >
                {conversations.callBack}
              </LinkButton>
            )
          }
        >
          {conversations.flags[flag] ?? flag.replaceAll('_', ' ')}
        </Notice>
      ))}
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
        <div className="min-w-0 space-y-5">
          <Review conversation={conversation} />
          <Said conversation={conversation} turns={turns} zone={zone} />
        </div>
        <div className="min-w-0 space-y-5">
          <Facts conversation={conversation} zone={zone} />
          <PutThrough conversation={conversation} zone={zone} />
          <Card title={conversations.turns} description={conversations.turnsHint}>
            <Waterfall turns={turns} />
          </Card>
        </div>
      </div>
    </Page>
  );
}

function isOpenChat(conversation: Conversation | undefined): boolean {
  return conversation?.channel === 'chat' && conversation.ended_at === null;
}

interface SaidProps {
  readonly conversation: Conversation;
  readonly turns: readonly Turn[];
  readonly zone: string;
}

/** The transcript, in step with the recording where there is one. */
function Said({ conversation, turns, zone }: SaidProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const [heardSeconds, setHeardSeconds] = useState(0);
  const { recording_started_at: recorded } = conversation;
  const beginsMs = recorded === null ? undefined : Date.parse(recorded);
  const hear = (timestamp: string) => {
    const { current } = audio;
    if (!current || beginsMs === undefined) return;
    current.currentTime = Math.max(0, (Date.parse(timestamp) - beginsMs) / 1000);
    void current.play().catch(() => {});
  };
  return (
    <>
      {beginsMs !== undefined && (
        <RecordingPlayer
          conversationId={conversation.id}
          seconds={conversation.duration}
          audio={audio}
          onTime={setHeardSeconds}
        />
      )}
      <Card title={conversations.transcript}>
        {turns.length === 0 ? (
          <p className="text-sm text-faint">{conversations.transcriptNone}</p>
        ) : (
          <TurnList
            turns={turns}
            zone={zone}
            onHear={beginsMs === undefined ? undefined : hear}
            heardAt={
              beginsMs !== undefined && heardSeconds > 0
                ? beginsMs + heardSeconds * 1000
                : undefined
            }
          />
        )}
      </Card>
    </>
  );
}

interface ActionsProps {
  readonly conversation: Conversation;
  readonly zone: string;
  readonly listHref: string;
}

function Actions({ conversation, zone, listHref }: ActionsProps) {
  const lists = ['GET /api/clients/{client_id}/conversations', 'GET /api/overview'] as const;
  const mark = useChange('PATCH /api/conversations/{conversation_id}', {
    refreshes: [READ, ...lists],
  });
  const remove = useChange('DELETE /api/conversations/{conversation_id}', { refreshes: lists });
  const confirm = useConfirm();
  const toasts = useToasts();
  const [, navigate] = useLocation();
  const params = { conversation_id: conversation.id };
  const { follow_up: followUp } = conversation;
  const toggle = () =>
    mark
      .mutateAsync({ params, body: { follow_up: !followUp } })
      .catch((error: unknown) => toasts.failed(error));
  const drop = async () => {
    const sure = await confirm({
      title: conversations.removeQuestion,
      text: conversations.removeText,
      action: texts.ui.delete,
      danger: true,
    });
    if (!sure) return;
    try {
      await remove.mutateAsync({ params });
      toasts.done(conversations.removed);
      navigate(listHref);
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <>
      {!isOpenChat(conversation) && (
        <Button
          icon={followUp ? Check : Flag}
          pending={mark.isPending}
          onClick={() => void toggle()}
        >
          {followUp ? conversations.markDone : conversations.markFollowUp}
        </Button>
      )}
      <Menu trigger={<Button icon={Download}>{conversations.export}</Button>}>
        <MenuItem onSelect={() => exportText(conversation, zone)}>
          {conversations.exportText}
        </MenuItem>
        <MenuItem onSelect={() => exportJson(conversation)}>{conversations.exportJson}</MenuItem>
      </Menu>
      <IconButton
        icon={Trash2}
        label={conversations.remove}
        pending={remove.isPending}
        onClick={() => void drop()}
      />
    </>
  );
}
