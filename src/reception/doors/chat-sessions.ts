// The chats that this process knows: their tools, their slots and what was said, kept between two messages.

import { Scope } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { withEmails } from '../../pipeline/dictation/spoken-emails.ts';
import { Conversation } from '../../pipeline/thinking/conversation.ts';
import { Toolbox } from '../../pipeline/thinking/toolbox.ts';
import type { LanguageModel } from '../../pipeline/types.ts';
import { findPreferences } from '../../store/accounts/users.ts';
import { findClient } from '../../store/clients/clients.ts';
import type { Client } from '../../store/clients/clients.ts';
import { findLastSaid } from '../../store/conversations/conversations.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { Desk } from '../calls/answer.ts';
import type { DeskCall } from '../calls/desk.ts';
import type { VendorDoor } from '../calls/open-vendors.ts';
import { instructions } from '../calls/prompt.ts';
import { OutcomeOfCall } from '../records/outcome.ts';
import type { Settings } from '../settings.ts';
import { assistantClient } from './assistant.ts';

/** Chats whose slots and tools are kept between two messages; those unused longest are taken up again from the database. */
const SESSIONS_MAX = 500;
const SESSION_MS = 30 * 60_000;
/** Of what was said before. */
const SAID_BEFORE_MAX = 100;

export interface ChatSessionsParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  readonly door: Pick<VendorDoor, 'openThinking'>;
  openDesk(call: DeskCall): Promise<Desk>;
  /** The end of the process: turns that run are given up. */
  readonly signal: AbortSignal;
}

export interface ChatKey {
  readonly id: string;
  /** Null for the assistant. */
  readonly clientId: string | null;
  readonly userId: string;
  /** That it has had. */
  readonly turns: number;
}

/** A chat as this process knows it. */
export interface ChatSession {
  readonly id: string;
  readonly client: Client;
  readonly conversation: Conversation;
  readonly toolbox: Toolbox;
  readonly languageModel: LanguageModel & Disposable;
  readonly outcome: OutcomeOfCall;
  readonly scope: Scope;
  /** Number of the next turn: another one means that another process has answered meanwhile. */
  turns: number;
  leaving: boolean;
  /** Some of what the user has said was spoken, and may be misheard. */
  heard: boolean;
  usedAtMs: number;
}

export class ChatSessions implements Disposable {
  readonly #parts: ChatSessionsParts;
  readonly #sessions = new Map<string, ChatSession>();

  constructor(parts: ChatSessionsParts) {
    this.#parts = parts;
  }

  [Symbol.dispose](): void {
    for (const id of this.#sessions.keys()) this.forget(id);
  }

  /** The chat as it was before its turn of this number, taken up again where that is not known here any more. */
  async of(chat: ChatKey): Promise<ChatSession> {
    const { id, turns } = chat;
    const { clock } = this.#parts;
    this.#tidy();
    const known = this.#sessions.get(id);
    this.#sessions.delete(id);
    const session = known?.turns === turns ? known : await this.#open(chat);
    session.usedAtMs = clock.elapsed();
    session.leaving = false;
    this.#sessions.set(id, session);
    return session;
  }

  /** Taken up from what the database knows of it. */
  async #open(chat: ChatKey): Promise<ChatSession> {
    const { sql, clock, log, door, signal } = this.#parts;
    const { id, clientId, userId, turns } = chat;
    const client = await this.#clientOf(clientId, userId);
    const [desk, said] = await Promise.all([
      clientId === null
        ? { tools: [], dates: undefined, knowledge: undefined }
        : this.#parts.openDesk({ callId: id, client, callerPhone: undefined }),
      findLastSaid(sql, id, SAID_BEFORE_MAX),
    ]);
    const conversation = new Conversation(
      instructions({
        medium: 'text',
        language: client.language,
        businessName: clientId === null ? undefined : client.name,
        systemPrompt: client.systemPrompt,
        dates: desk.dates,
        knowledge: desk.knowledge,
        canTransfer: false,
        knownNumber: false,
        hasNumber: false,
      }),
      withEmails(client.language),
    );
    conversation.goOnFrom(said);
    const scope = new Scope(signal);
    const session: ChatSession = {
      id,
      client,
      conversation,
      toolbox: new Toolbox({
        clock,
        log,
        // There is nobody to be put through from here.
        tools: desk.tools.filter(({ name }) => name !== 'transfer_call'),
        context: {
          signal: scope.signal,
          callId: id,
          clientId: client.id,
          callerPhone: undefined,
          hangUp: () => (session.leaving = true),
          press: () => {},
          transfer() {},
          stay: () => (session.leaving = false),
          said: () => conversation.said(),
          get typed() {
            return !session.heard;
          },
        },
      }),
      languageModel: await door.openThinking(client, scope.signal),
      outcome: new OutcomeOfCall(),
      scope,
      turns,
      leaving: false,
      heard: false,
      usedAtMs: clock.elapsed(),
    };
    return session;
  }

  async #clientOf(clientId: string | null, userId: string): Promise<Client> {
    const { sql, settings } = this.#parts;
    if (clientId !== null) {
      const client = await findClient(sql, clientId);
      if (client) return client;
      throw notFound();
    }
    const [system, bot, preferences] = await Promise.all([
      settings.system(),
      settings.bot(),
      findPreferences(sql, userId),
    ]);
    return assistantClient({ system, bot, preferences });
  }

  #tidy(): void {
    const now = this.#parts.clock.elapsed();
    for (const [id, session] of this.#sessions) {
      const full = this.#sessions.size >= SESSIONS_MAX;
      if (!full && now - session.usedAtMs < SESSION_MS) return;
      this.forget(id);
    }
  }

  forget(id: string): void {
    const session = this.#sessions.get(id);
    if (!session) return;
    this.#sessions.delete(id);
    session.languageModel[Symbol.dispose]();
    session.scope[Symbol.dispose]();
  }
}

/** A chat, or the client of one, that is out of reach. */
export function notFound(): AppError {
  return new AppError('not_found', 'no such chat or client in reach');
}
