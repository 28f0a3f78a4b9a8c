// What webhooks say of every call, and that one has begun.

import type { ListedConversation } from '../../store/conversations/conversation-list.ts';
import { findConversation } from '../../store/conversations/conversation-list.ts';
import { findWebhook } from '../../store/clients/webhook-endpoints.ts';
import type { Sql } from '../../store/database/sql.ts';
import { enqueueWebhook } from '../../store/service/outbox.ts';

/** Who called whom and when: the same in all events of a call. */
export function callFields(call: ListedConversation) {
  return {
    id: call.id,
    client_id: call.clientId,
    contact_id: call.contactId,
    contact_name: call.contactName || null,
    caller_phone: call.callerPhone,
    channel: call.channel,
    direction: call.direction,
    started_at: call.startedAt.toISOString(),
  };
}

/** Once for each call, however many processes it goes through. */
export async function tellStarted(sql: Sql, clientId: string, callId: string): Promise<void> {
  const webhook = await findWebhook(sql, clientId);
  const call = webhook?.isActive && (await findConversation(sql, { ownerId: undefined }, callId));
  if (!call) return;
  const dedupeKey = `call.started:${callId}`;
  await enqueueWebhook(sql, { clientId, event: 'call.started', data: callFields(call), dedupeKey });
}
