// The receptionist in writing: the same tools and words, without a voice.

import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { MessageSquarePlus, SendHorizontal } from 'lucide-react';
import { ToolLine } from '../../calls/tool-line.tsx';
import type { ToolRun } from '../../calls/turns.ts';
import { useChange } from '../../lib/api.ts';
import { classes } from '../../lib/class-names.ts';
import { explain } from '../../lib/failures.ts';
import { useFollowEnd } from '../../lib/use-follow-end.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, FieldError, Input } from '../../ui/field.tsx';

const { talk } = texts;
const CONTENT_MAX = 10_000;

interface Line {
  readonly id: number;
  readonly who: 'caller' | 'receptionist';
  readonly content: string;
  readonly tools: readonly ToolRun[];
}

export function Chat({ clientId }: { readonly clientId: string }) {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [typed, setTyped] = useState('');
  const [conversationId, setConversationId] = useState<string>();
  const [ended, setEnded] = useState(false);
  const send = useChange('POST /chat', {
    refreshes: [
      'GET /api/clients/{client_id}/conversations',
      'GET /api/clients/{client_id}/bookings',
      'GET /api/clients/{client_id}/calendar/days',
      'GET /api/clients/{client_id}',
      'GET /api/overview',
    ],
  });
  const end = useFollowEnd(`${lines.length} ${send.isPending}`);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const content = typed.trim();
    if (content === '' || send.isPending) return;
    const mine: Line = { id: lines.length, who: 'caller', content, tools: [] };
    setLines([...lines, mine]);
    setTyped('');
    try {
      const body = { type: 'text' as const, content, client_id: clientId };
      const answer = await send.mutateAsync({
        body: conversationId ? { ...body, conversation_id: conversationId } : body,
      });
      setConversationId(answer.conversation_id);
      setEnded(answer.ended);
      setLines((before) => [
        ...before,
        {
          id: before.length,
          who: 'receptionist',
          content: answer.content,
          tools: answer.tools,
        },
      ]);
    } catch {
      // Said below; what was typed can be sent again.
      setLines((before) => before.filter((line) => line !== mine));
      setTyped(content);
    }
  };
  const startAnew = () => {
    setLines([]);
    setConversationId(undefined);
    setEnded(false);
    send.reset();
  };
  return (
    <Card
      title={texts.conversations.transcript}
      action={
        lines.length > 0 && (
          <Button look="quiet" size="small" icon={MessageSquarePlus} onClick={startAnew}>
            {talk.chatNew}
          </Button>
        )
      }
    >
      <div aria-live="polite" className="min-h-56 space-y-3">
        {lines.length === 0 && <p className="text-sm text-faint">{talk.chatHint}</p>}
        {lines.map(({ id, who, content, tools }) => (
          <div key={id} className="space-y-2">
            {tools.map((run, place) => (
              // oxlint-disable-next-line react/no-array-index-key
              <ToolLine key={place} run={run} />
            ))}
            <div className={classes('flex', who === 'caller' && 'justify-end')}>
              <p
                className={classes(
                  'max-w-[85%] rounded-2xl px-3.5 py-2 text-sm whitespace-pre-wrap',
                  who === 'caller' ? 'rounded-br-md bg-hover' : 'rounded-bl-md bg-accent-soft',
                )}
              >
                <span className="sr-only">
                  {who === 'caller' ? texts.calls.caller : texts.calls.receptionist}:{' '}
                </span>
                {content}
              </p>
            </div>
          </div>
        ))}
        {send.isPending && (
          <p className="animate-pulse-soft text-sm text-faint">{talk.chatThinking}</p>
        )}
        {ended && <p className="text-center text-xs text-faint">{talk.chatEnded}</p>}
        <div ref={end} className="scroll-mb-32" />
      </div>
      {send.isError && <FieldError>{explain(send.error)}</FieldError>}
      <form
        className="mt-4 flex gap-2 border-t border-line pt-4"
        onSubmit={(event) => void submit(event)}
      >
        <Field label={talk.chatMessage} hideLabel className="flex-1">
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              maxLength={CONTENT_MAX}
              placeholder={talk.chatPlaceholder}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <Button
          type="submit"
          look="primary"
          icon={SendHorizontal}
          disabled={typed.trim() === '' || send.isPending}
        >
          {talk.chatSend}
        </Button>
      </form>
    </Card>
  );
}
