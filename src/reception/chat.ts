// The same receptionist in text: the model and its tools think without a sound, turn by turn, each turn paid for.

import { abortable, Scope } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError, toError } from '../lib/errors.ts';
import { isId, newId } from '../lib/ids.ts';
import type { Log } from '../lib/log.ts';
import type { Metrics } from '../lib/metrics.ts';
import { Conversation } from '../pipeline/thinking/conversation.ts';
import { withEmails } from '../pipeline/dictation/spoken-emails.ts';
import { think } from '../pipeline/thinking/think.ts';
import { Toolbox } from '../pipeline/thinking/toolbox.ts';
import { Trace } from '../pipeline/trace.ts';
import type { Clip, LanguageModel, ToolRun, Turn } from '../pipeline/types.ts';
import { claimChat, deleteEmptyChat, openChat, releaseChat } from '../store/conversations/chats.ts';
import { findClient } from '../store/clients/clients.ts';
import type { Client } from '../store/clients/clients.ts';
import { findLastSaid, flagConversation, saveTurn } from '../store/conversations/conversations.ts';
import { forgetChatTurn, noteChatTurn } from '../store/conversations/turns-under-way.ts';
import type { Sql } from '../store/database/sql.ts';
import { findPreferences } from '../store/accounts/users.ts';
import { ASSISTANT_ID, assistantClient } from './assistant.ts';
import type { Commands } from './commands.ts';
import type { DeskCall } from './desk.ts';
import type { Desk } from './answer.ts';
import { HEAR_MS } from './gateway.ts';
import type { VendorDoor } from './open-vendors.ts';
import { OutcomeOfCall } from './outcome.ts';
import { payForTurn, priceOfTurn } from './payer.ts';
import { costsOfTurn, totalOf } from './prices.ts';
import { instructions } from './prompt.ts';
import type { Settings } from './settings.ts';
import { storable, turnRow } from './transcript.ts';
import { stockSentencesIn } from './stock-sentences.ts';

/** A turn that takes longer has failed. */
const TURN_MS = 30_000;
/** A process that has not answered by then is taken to be dead: after a turn with a tool that begins at its end. Hearing comes on top. */
const BUSY_MS = 60_000;
/** Chats whose slots and tools are kept between two messages; those unused longest are taken up again from the database. */
const SESSIONS_MAX = 500;
const SESSION_MS = 30 * 60_000;
/** Of what was said before. */
const SAID_BEFORE_MAX = 100;

export interface ChatParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  readonly commands: Pick<Commands, 'before'>;
  readonly metrics: Pick<Metrics, 'turn'>;
  readonly door: Pick<VendorDoor, 'openThinking'>;
  openDesk(call: DeskCall): Promise<Desk>;
  /** The end of the process: turns that run are given up. */
  readonly signal: AbortSignal;
}

export interface ChatMessage {
  readonly userId: string;
  /** Administrators take part in everybody's chats. */
  readonly seesAll: boolean;
  /** Typed, or to be heard when the turn is paid for. */
  readonly text: string | (() => Promise<string>);
  /** Without one a chat begins. */
  readonly conversationId: string | undefined;
  /** Of a chat that begins, within the user's reach. */
  readonly clientId: string | undefined;
  /** Each piece of the answer as it is made. */
  onText?(text: string): void;
}

export interface ChatAnswer {
  readonly conversationId: string;
  readonly clientId: string | null;
  readonly text: string;
  readonly tools: readonly ToolRun[];
  /** The receptionist has said goodbye. */
  readonly ended: boolean;
  /** Whose voice would say it. */
  readonly client: Client;
}

/** A chat as this process knows it. */
interface Session {
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

export class Chats implements Disposable {
  readonly #parts: ChatParts;
  readonly #sessions = new Map<string, Session>();

  constructor(parts: ChatParts) {
    this.#parts = parts;
  }

  /**
   * Answers a message. Throws `not_found` for a chat or client out of reach, `conflict` while the message before is
   * still being answered or the client is off, `out_of_balance`, `vendor_failed`.
   */
  async answer(message: ChatMessage): Promise<ChatAnswer> {
    const { sql, clock, log } = this.#parts;
    const { id, clientId, payer, turns } = await this.#claim(message);
    let outcome = 'failed';
    let ended = false;
    try {
      const typed = typeof message.text === 'string' ? message.text : undefined;
      const spoken = typed === undefined;
      const price = await priceOfTurn(this.#parts, { clientId, userId: payer, spoken });
      const turnId = newId(clock.now());
      // From here on the message is not lost, whatever dies; nor is what is taken for its answer.
      const note = { conversationId: id, number: turns, paid: { turnId, ...price } };
      await noteChatTurn(sql, { ...note, caller: storable(typed ?? '') });
      const forget = () => forgetChatTurn(sql, note);
      const turnPaid = { clientId, conversationId: id, turnId };
      const giveBack = await payForTurn(this.#parts, turnPaid, price).catch(
        async (error: unknown) => {
          await forget();
          throw error;
        },
      );
      try {
        const session = await this.#sessionOf(id, clientId, payer, turns);
        const text = typeof message.text === 'string' ? message.text : await message.text();
        if (spoken) await noteChatTurn(sql, { ...note, caller: storable(text) });
        session.heard ||= spoken;
        const turn = await this.#turn(session, text, message);
        outcome = session.outcome.of('goodbye');
        ended = session.leaving;
        const costs = costsOfTurn(turn.usage, 0, session.client, clock.now());
        const row = turnRow(turn, turns, new Date(clock.now()));
        await saveTurn(sql, id, { ...row, costMicrodollars: totalOf(costs), costs });
        if (turn.ending === 'failed') throw failure(turn.error);
        const { tools, heard } = turn;
        return { conversationId: id, clientId, text: heard, tools, ended, client: session.client };
      } catch (error) {
        this.#forget(id);
        await forget();
        await giveBack();
        throw error;
      }
    } catch (error) {
      // A chat that was not even begun leaves nothing.
      if (message.conversationId === undefined) await deleteEmptyChat(sql, id);
      throw error;
    } finally {
      await releaseChat(sql, id, { outcome, ended }).catch((error: unknown) => {
        log.warn('a chat stays busy for a while', { conversationId: id, error });
      });
    }
  }

  [Symbol.dispose](): void {
    for (const id of this.#sessions.keys()) this.#forget(id);
  }

  /** The chat for one turn, the caller's alone. */
  async #claim({ userId, seesAll, ...message }: ChatMessage): Promise<{
    id: string;
    clientId: string | null;
    payer: string;
    turns: number;
  }> {
    const { sql, clock } = this.#parts;
    const { conversationId, clientId = null } = message;
    const turnMs = typeof message.text === 'string' ? BUSY_MS : BUSY_MS + HEAR_MS;
    if (conversationId === undefined) {
      const id = newId(clock.now());
      await openChat(sql, { id, userId, clientId, turnMs });
      return { id, clientId, payer: userId, turns: 0 };
    }
    if (!isId(conversationId)) throw notFound();
    const whose = seesAll ? undefined : userId;
    const claimed = await claimChat(sql, { id: conversationId, userId: whose, turnMs });
    if (claimed.status === 'none') throw notFound();
    if (claimed.status === 'busy') {
      throw new AppError('conflict', 'a chat that is busy', {
        publicMessage: 'The message before this one is still being answered.',
      });
    }
    const { turns } = claimed;
    return {
      id: conversationId,
      clientId: claimed.clientId,
      payer: claimed.userId ?? userId,
      turns,
    };
  }

  async #sessionOf(
    id: string,
    clientId: string | null,
    userId: string,
    turns: number,
  ): Promise<Session> {
    const { clock } = this.#parts;
    this.#tidy();
    const known = this.#sessions.get(id);
    this.#sessions.delete(id);
    const session =
      known?.turns === turns ? known : await this.#open({ id, clientId, userId, turns });
    session.usedAtMs = clock.elapsed();
    session.leaving = false;
    this.#sessions.set(id, session);
    return session;
  }

  /** Taken up from what the database knows of it. */
  async #open(chat: {
    id: string;
    clientId: string | null;
    userId: string;
    turns: number;
  }): Promise<Session> {
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
    const session: Session = {
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

  /** Never rejects: a turn that fails is a turn. */
  async #turn(session: Session, text: string, message: ChatMessage): Promise<Turn> {
    const { clock, log, sql } = this.#parts;
    const { conversation, toolbox, languageModel, client } = session;
    const startedMs = clock.elapsed();
    const startedAt = clock.now();
    const trace = new Trace(clock, undefined);
    using scope = new Scope(session.scope.signal);
    using _late = clock.after(TURN_MS, () =>
      scope.abort(new AppError('vendor_failed', 'a turn of a chat took too long')),
    );
    conversation.addCaller(text);
    let said = '';
    let error: unknown;
    try {
      const source = think(
        {
          languageModel: this.#parts.commands.before(languageModel, client.id),
          conversation,
          toolbox,
          language: client.language,
          apology: silent(stockSentencesIn(client.language).apology),
          goodbye: silent(stockSentencesIn(client.language).goodbyeOutbound),
          leaving: () => session.leaving,
        },
        trace,
        scope.signal,
      );
      for await (const item of abortable(source, scope.signal)) {
        if (item.type === 'end-of-step') continue;
        const piece = item.type === 'text' ? item.text : ` ${item.clip.text}`;
        said += piece;
        message.onText?.(piece);
      }
      if (said.trim() === '') throw new AppError('vendor_failed', 'the model said nothing');
    } catch (thrown) {
      error = thrown;
      log.warn('turn of a chat failed', { clientId: client.id, error: toError(thrown) });
    }
    // A tool that began is waited for: what it did is part of the turn.
    await toolbox.idle();
    session.turns += 1;
    const elapsedMs = clock.elapsed() - startedMs;
    const { usage, tools, outcomes, timing } = trace;
    const turn: Turn = {
      kind: 'reply',
      caller: text,
      heard: said.replaceAll(/[ \t]+/g, ' ').trim(),
      ending: error === undefined ? 'completed' : 'failed',
      timing: { ...timing, responseMs: elapsedMs, speakMs: undefined, playMs: undefined },
      usage,
      tools,
      outcomes,
      callerAt: startedAt,
      heardAt: startedAt + elapsedMs,
      ...(error !== undefined && { error }),
    };
    const costs = costsOfTurn(usage, 0, client, clock.now());
    this.#parts.metrics.turn({ kind: 'chat', ending: turn.ending, stages: {}, costs });
    const flag = session.outcome.add(turn);
    if (flag && client.id !== ASSISTANT_ID) {
      await flagConversation(sql, session.id, flag).catch(() => {});
    }
    return turn;
  }

  #tidy(): void {
    const now = this.#parts.clock.elapsed();
    for (const [id, session] of this.#sessions) {
      const full = this.#sessions.size >= SESSIONS_MAX;
      if (!full && now - session.usedAtMs < SESSION_MS) return;
      this.#forget(id);
    }
  }

  #forget(id: string): void {
    const session = this.#sessions.get(id);
    if (!session) return;
    this.#sessions.delete(id);
    session.languageModel[Symbol.dispose]();
    session.scope[Symbol.dispose]();
  }
}

/** Stored speech that is only read. */
function silent(text: string): Clip {
  return { text, sampleRate: 8000, samples: new Int16Array(0), words: [] };
}

function failure(error: unknown): AppError {
  return error instanceof AppError
    ? error
    : new AppError('vendor_failed', 'a chat has no answer', { cause: error });
}

function notFound(): AppError {
  return new AppError('not_found', 'no such chat or client in reach');
}
