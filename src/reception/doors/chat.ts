// The same receptionist in text: the model and its tools think without a sound, turn by turn, each turn paid for.

import { abortable, Scope } from '../../lib/abort.ts';
import { AppError, toError } from '../../lib/errors.ts';
import { isId, newId } from '../../lib/ids.ts';
import type { Metrics } from '../../lib/metrics.ts';
import { isNoAnswer } from '../../pipeline/thinking/no-answer.ts';
import { think } from '../../pipeline/thinking/think.ts';
import { Trace } from '../../pipeline/trace.ts';
import type { Clip, ToolRun, Turn } from '../../pipeline/types.ts';
import {
  claimChat,
  deleteEmptyChat,
  openChat,
  releaseChat,
} from '../../store/conversations/chats.ts';
import type { Client } from '../../store/clients/clients.ts';
import { flagConversation, saveTurn } from '../../store/conversations/conversations.ts';
import { forgetChatTurn, noteChatTurn } from '../../store/conversations/turns-under-way.ts';
import { ASSISTANT_ID } from './assistant.ts';
import { ChatSessions, notFound } from './chat-sessions.ts';
import type { ChatSession, ChatSessionsParts } from './chat-sessions.ts';
import type { Commands } from './commands.ts';
import { HEAR_MS } from './gateway.ts';
import { payForTurn, priceOfTurn } from './payer.ts';
import { costsOfTurn, totalOf } from '../records/prices.ts';
import { storable, turnRow } from '../records/transcript.ts';
import { stockSentencesIn } from '../stored-speech/stock-sentences.ts';

/** A turn that takes longer has failed. */
const TURN_MS = 30_000;
/** A process that has not answered by then is taken to be dead: after a turn with a tool that begins at its end. Hearing comes on top. */
const BUSY_MS = 60_000;

export interface ChatParts extends ChatSessionsParts {
  readonly commands: Pick<Commands, 'before'>;
  readonly metrics: Pick<Metrics, 'turn'>;
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

export class Chats implements Disposable {
  readonly #parts: ChatParts;
  readonly #sessions: ChatSessions;

  constructor(parts: ChatParts) {
    this.#parts = parts;
    this.#sessions = new ChatSessions(parts);
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
        const session = await this.#sessions.of({ id, clientId, userId: payer, turns });
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
        this.#sessions.forget(id);
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
    this.#sessions[Symbol.dispose]();
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

  /** Never rejects: a turn that fails is a turn. */
  async #turn(session: ChatSession, text: string, message: ChatMessage): Promise<Turn> {
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
          written: true,
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
      if (isNoAnswer(said, true)) throw new AppError('vendor_failed', 'the model said nothing');
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
