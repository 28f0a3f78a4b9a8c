// Which conversations somebody wants: the same words in the address for the list and for its table.

import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { ConversationFilter } from '../../store/conversations/conversation-list.ts';
import { channels, outcomes } from './conversation-schemas.ts';
import { Moment, momentOf } from './moment.ts';
import { Id, optional, PhoneNumber } from './schemas.ts';

/** Part of a querystring. */
export const conversationFilter = {
  q: optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Words that were said or stand in the summary; "a phrase", -without, or.',
    }),
  ),
  from: optional(Moment),
  until: optional(Moment),
  outcome: optional(Type.String({ enum: outcomes })),
  channel: optional(Type.String({ enum: channels })),
  contact_id: optional(Id),
  caller_phone: optional(PhoneNumber),
  follow_up: optional(
    Type.Boolean({ description: 'Only those where somebody has to act, or the others.' }),
  ),
  flagged: optional(Type.Boolean({ description: 'Only those to look at, or the others.' })),
};

const Query = Type.Object(conversationFilter);

export function filterOf(clientId: string, query: Static<typeof Query>): ConversationFilter {
  return {
    clientId,
    contactId: query.contact_id,
    outcome: query.outcome,
    channel: query.channel,
    callerPhone: query.caller_phone,
    flagged: query.flagged,
    followUp: query.follow_up,
    from: momentOf('from', query.from),
    until: momentOf('until', query.until),
    words: query.q,
  };
}
