// A conversation as a file of the reader's own.

import { turnsOf } from '../../calls/turns.ts';
import type { Utterance } from '../../calls/turns.ts';
import type { Answer } from '../../lib/api.ts';
import { callerName } from '../../lib/callers.ts';
import { after } from '../../lib/clock.ts';
import { formatDuration, formatMoment } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';

export type Conversation = Answer<'GET /api/conversations/{conversation_id}'>;

export function exportText(conversation: Conversation, zone: string): void {
  const { started_at: started, duration, summary, transcript } = conversation;
  const lines = [
    `${callerName(conversation)}, ${formatMoment(started, zone, 0)} (${zone}), ${formatDuration(duration)}`,
    ...(summary === '' ? [] : ['', summary]),
    '',
    ...turnsOf(transcript, conversation.turns).flatMap(({ user, assistant }) => [
      ...(user ? [`${texts.calls.caller}: ${user.content}`] : []),
      ...(assistant ? [`${texts.calls.receptionist}: ${said(assistant)}`] : []),
    ]),
    '',
  ];
  save(`${nameOf(conversation)}.txt`, 'text/plain', lines.join('\n'));
}

/** What was heard, and in brackets what was not. */
function said({ content, interrupted, unheard }: Utterance): string {
  if (!interrupted) return content;
  const rest = unheard ? `. ${texts.calls.unheard} ${unheard}` : '';
  return `${content} [${texts.calls.interrupted}${rest}]`.trimStart();
}

export function exportJson(conversation: Conversation): void {
  save(
    `${nameOf(conversation)}.json`,
    'application/json',
    `${JSON.stringify(conversation, null, 2)}\n`,
  );
}

/** No words of a caller in the name of a file. */
function nameOf({ started_at: started, id }: Conversation): string {
  return `conversation-${started.slice(0, 10)}-${id.slice(-6)}`;
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  after(10_000, () => URL.revokeObjectURL(url));
}
