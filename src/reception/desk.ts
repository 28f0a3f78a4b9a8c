// What one call can do for its caller: the tools its client has switched on, and the days it must know.

import { randomBytes } from 'node:crypto';
import { openBuiltInCalendar } from '../calendar/built-in.ts';
import { datesBlock } from '../calendar/dates-block.ts';
import { SlotOffers } from '../calendar/slot-offers.ts';
import { calendarTools } from '../calendar/tools.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Tool } from '../pipeline/types.ts';
import type { Sql } from '../store/sql.ts';
import type { AdmittedCall } from './admit.ts';
import type { Desk } from './answer.ts';
import { openKnowledge } from './knowledge.ts';
import type { Knowledge } from './knowledge.ts';
import { endCallTool, takeMessageTool, transferTool } from './tools.ts';

export interface DeskParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** A number as spoken or written to E.164; undefined when it is none. */
  readonly parsePhone: (text: string) => string | undefined;
}

/** As much of a call, or of a chat, as its tools must know. */
export type DeskCall = Pick<AdmittedCall, 'callId' | 'client' | 'callerPhone'>;

/** Never rejects: where the calendar cannot be opened, messages are taken. */
export async function openDesk(parts: DeskParts, call: DeskCall): Promise<Desk> {
  const { sql, clock, log } = parts;
  const { client } = call;
  const always: Tool[] = [takeMessageTool({ sql, clock, language: client.language }), endCallTool];
  if (client.fallbackNumber !== null) always.push(transferTool(client.fallbackNumber));
  const enabled = new Set(client.enabledTools);
  try {
    const [calendar, knowledge] = await Promise.all([
      calendarOf(parts, call),
      knowledgeOf(parts, call),
    ]);
    const tools = calendar.tools.filter(({ name }) => enabled.has(name));
    if (knowledge.tool) always.push(knowledge.tool);
    return { tools: [...tools, ...always], dates: calendar.dates, knowledge: knowledge.told };
  } catch (error) {
    log.error('calendar cannot be opened', { callId: call.callId, error });
    return { tools: always, dates: undefined, knowledge: undefined };
  }
}

function knowledgeOf({ sql, log }: DeskParts, call: DeskCall): Promise<Knowledge> {
  return openKnowledge(sql, call.client.id).catch((error: unknown) => {
    log.error('knowledge cannot be read', { callId: call.callId, error });
    return { told: undefined, tool: undefined };
  });
}

async function calendarOf(
  { sql, clock, parsePhone }: DeskParts,
  { callId, client, callerPhone }: DeskCall,
): Promise<{ tools: readonly Tool[]; dates: string | undefined }> {
  const { language } = client;
  const calendar = await openBuiltInCalendar({ sql, clock }, client.id);
  const rules = await calendar.rules(new AbortController().signal);
  if (!rules) return { tools: [], dates: undefined };
  const key = randomBytes(32).toString('hex');
  const offers = new SlotOffers({ key, callId, calendarId: calendar.id, clock });
  const tools = calendarTools({
    calendar,
    offers,
    clock,
    language,
    callerPhone,
    conversationId: callId,
    contactId: undefined,
    parsePhone,
  });
  return { tools, dates: datesBlock(rules, { nowMs: clock.now(), language }) };
}
