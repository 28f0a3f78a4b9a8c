// What one call can do for its caller: the tools its client has switched on, and the days it must know.

import { randomBytes } from 'node:crypto';
import { CallerIdentity } from '../../calendar/caller-identity.ts';
import { datesBlock } from '../../calendar/wording/dates-block.ts';
import { SlotOffers } from '../../calendar/slot-offers.ts';
import { calendarTools } from '../../calendar/tools.ts';
import type { Calendar } from '../../calendar/types.ts';
import type { Log } from '../../lib/log.ts';
import type { Tool } from '../../pipeline/types.ts';
import { findLineSettings } from '../../store/clients/line-settings.ts';
import { listHttpTools, listMcpServers } from '../../store/clients/owner-tools.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { AdmittedCall } from './admit.ts';
import { ASSISTANT_ID } from '../doors/assistant.ts';
import type { Desk } from './answer.ts';
import { callerMemoryTools } from '../tools/caller-memory.ts';
import { httpTool } from '../tools/http-tool.ts';
import type { OwnerToolParts } from '../tools/http-tool.ts';
import { openKnowledge } from '../tools/knowledge.ts';
import { mcpTools } from '../tools/mcp-client.ts';
import { withReadBack } from '../tools/read-back.ts';
import {
  endCallTool,
  pressKeysTool,
  stopCallingTool,
  takeMessageTool,
  transferTool,
} from '../tools/tools.ts';
import { openTransfers } from '../tools/transfers.ts';
import type { TransferDesk, TransferParts } from '../tools/transfers.ts';

/** Tools of the owner's in one call; more than that no model keeps apart. */
const OWN_TOOLS_MAX = 60;
/** Of ours, those that keep what a caller dictates. */
const keeping: ReadonlySet<string> = new Set(['book_appointment', 'take_message']);

export interface DeskParts extends OwnerToolParts {
  readonly sql: Sql;
  readonly log: Log;
  /** The calendar that the client has: built in, or Google's. */
  readonly openCalendar: (clientId: string) => Promise<Calendar>;
  /** A number as spoken or written to E.164; undefined when it is none. */
  readonly parsePhone: (text: string) => string | undefined;
  readonly mayDial: TransferParts['mayDial'];
}

/** As much of a call, or of a chat, as its tools must know. */
export type DeskCall = Pick<AdmittedCall, 'callId' | 'client' | 'callerPhone'> & {
  /** Undefined where nobody can be put through. */
  readonly callSid?: string | undefined;
  /** Where we are the ones who call. */
  readonly outbound?: object | undefined;
};

/** Never rejects: where the database does not answer, there is less a call can do, and messages are taken. */
export async function openDesk(parts: DeskParts, call: DeskCall): Promise<Desk> {
  const { sql, clock, log } = parts;
  const { client } = call;
  if (client.id === ASSISTANT_ID) {
    return { tools: [endCallTool], dates: undefined, knowledge: undefined };
  }
  const always: Tool[] = [takeMessageTool({ sql, clock, language: client.language }), endCallTool];
  const [calendar, knowledge, own, transfers] = await Promise.all([
    orElse(calendarOf(parts, call), { tools: [], memory: [], dates: undefined }),
    orElse(openKnowledge(sql, client.id), { told: undefined, tool: undefined }),
    orElse(openOwnTools(parts, client.id), []),
    orElse(transfersOf(parts, call), undefined),
  ]);
  const enabled = new Set(client.enabledTools);
  const ours = [
    ...calendar.tools.filter(({ name }) => enabled.has(name)),
    ...calendar.memory,
    ...always,
  ];
  if (transfers && transfers.people.length > 0) ours.push(transferTool(transfers, client.language));
  if (call.outbound) ours.push(stopCallingTool(sql), pressKeysTool);
  if (knowledge.tool) ours.push(knowledge.tool);
  const names = new Set(ours.map(({ name }) => name));
  const theirs = own.filter(({ name }) => !names.has(name) && names.add(name));
  const confirmed = (tool: Tool) => withReadBack(tool, client.language);
  return {
    tools: [
      ...ours.map((tool) => (keeping.has(tool.name) ? confirmed(tool) : tool)),
      ...theirs.slice(0, OWN_TOOLS_MAX).map(confirmed),
    ],
    dates: calendar.dates,
    knowledge: knowledge.told,
    transfers,
  };

  async function orElse<T>(opened: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await opened;
    } catch (error) {
      log.error('a desk has less than it should', { callId: call.callId, error });
      return otherwise;
    }
  }
}

/** Only a telephone call can be put through. */
async function transfersOf(
  parts: DeskParts,
  { callSid, ...call }: DeskCall,
): Promise<TransferDesk | undefined> {
  if (callSid === undefined || callSid.startsWith('browser-')) return undefined;
  return openTransfers(parts, { ...call, callSid });
}

/** What the owner has added, by name. */
async function openOwnTools(parts: DeskParts, clientId: string): Promise<readonly Tool[]> {
  const [tools, servers] = await Promise.all([
    listHttpTools(parts.sql, clientId),
    listMcpServers(parts.sql, clientId),
  ]);
  return [
    ...tools.filter(({ isActive }) => isActive).map((tool) => httpTool(parts, tool)),
    ...servers.filter(({ isActive }) => isActive).flatMap((server) => mcpTools(parts, server)),
  ];
}

async function calendarOf(
  { sql, clock, openCalendar, parsePhone }: DeskParts,
  { callId, client, callerPhone }: DeskCall,
): Promise<{ tools: readonly Tool[]; memory: readonly Tool[]; dates: string | undefined }> {
  const { language } = client;
  const calendar = await openCalendar(client.id);
  const rules = await calendar.rules(new AbortController().signal);
  if (!rules) return { tools: [], memory: [], dates: undefined };
  const key = randomBytes(32).toString('hex');
  const offers = new SlotOffers({ key, callId, calendarId: calendar.id, clock });
  const identity = new CallerIdentity({ calendar, clock, callerPhone, conversationId: callId });
  const { smsToCallers } = await findLineSettings(sql, client.id);
  const memory = callerMemoryTools({
    sql,
    clock,
    clientId: client.id,
    businessName: client.name,
    callId,
    callerPhone,
    identity,
    zone: rules.zone,
    language,
    maySendCodes: smsToCallers,
  });
  const tools = calendarTools({
    calendar,
    offers,
    clock,
    language,
    callerPhone,
    conversationId: callId,
    identity,
    parsePhone,
  });
  return { tools, memory, dates: datesBlock(rules, { nowMs: clock.now(), language }) };
}
