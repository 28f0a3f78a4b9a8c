// Turns to the store as they happen: written one after the other, kept while the database is away, flushed at the end.

import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { ToolRun, Turn } from '../../pipeline/types.ts';
import { saveToolRun, saveTurn } from '../../store/conversations/conversations.ts';
import type { ToolRunRow, TurnRow, UtteranceRow } from '../../store/conversations/conversations.ts';
import { isLost, isOver, storeError } from '../../store/database/store-error.ts';
import type { Cost } from '../../store/money/costs.ts';
import type { Sql } from '../../store/database/sql.ts';
import { totalOf } from './prices.ts';

/** Turns, and tools that ended after theirs, that may wait for the database: an hour of talk. What is older is dropped and counted. */
const WAITING_MAX = 500;
/** Wait before writing again while the database is away. */
const RETRY_MS = 500;

export interface TranscriptParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly conversationId: string;
  /** Number of the first turn: more than 0 when the call comes back on a new stream. */
  readonly firstNumber: number;
}

export class Transcript {
  readonly #parts: TranscriptParts;
  readonly #waiting: { readonly number: number; store(): Promise<void> }[] = [];
  #number: number;
  #dropped = 0;
  #writing: Promise<void> | undefined;

  constructor(parts: TranscriptParts) {
    this.#parts = parts;
    this.#number = parts.firstNumber;
  }

  /** Turns lost because the database was away for too long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The number that the turn which is under way will have. */
  get next(): number {
    return this.#number;
  }

  /** Begins to store the turn, with what it cost, and gives its number; never waits. */
  add(turn: Turn, costs: readonly Cost[] = []): number {
    const { sql, clock, conversationId } = this.#parts;
    const number = this.#number;
    const at = new Date(clock.now());
    const row = { ...turnRow(turn, number, at), costMicrodollars: totalOf(costs), costs };
    this.#number += 1;
    this.#store(number, () => saveTurn(sql, conversationId, row));
    return number;
  }

  /** A tool that ended after the turn that began it. */
  addTool(number: number, run: ToolRun): void {
    const { sql, conversationId } = this.#parts;
    this.#store(number, () => saveToolRun(sql, conversationId, number, toolRow(run)));
  }

  #store(number: number, store: () => Promise<void>): void {
    this.#waiting.push({ number, store });
    if (this.#waiting.length > WAITING_MAX) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Resolves when all is stored, or after `ms`; what is not stored then is still tried. */
  async flush(ms: number): Promise<void> {
    if (!this.#writing) return;
    const late = () => new AppError('unavailable', 'the transcript is not stored yet');
    await within(this.#parts.clock, ms, this.#writing, late).catch((error: unknown) => {
      this.#parts.log.warn('transcript late', { error });
    });
  }

  async #write(): Promise<void> {
    const { clock, log, conversationId } = this.#parts;
    for (let turn = this.#waiting[0]; turn; turn = this.#waiting[0]) {
      try {
        await turn.store();
        if (this.#waiting[0] === turn) this.#waiting.shift();
      } catch (error) {
        if (isOver(error)) {
          log.error('turns not stored: the process has closed its database', { conversationId });
          this.#dropped += this.#waiting.length;
          this.#waiting.length = 0;
        } else if (isLost(error) || isLost(storeError(error))) {
          await clock.sleep(RETRY_MS);
        } else {
          log.error('turn not stored', { conversationId, turn: turn.number, error });
          if (this.#waiting[0] === turn) this.#waiting.shift();
          this.#dropped += 1;
        }
      }
    }
  }
}

/** A turn as it is stored, but for its price; `at` where it has no times of its own. */
export function turnRow(turn: Turn, number: number, at: Date): Omit<TurnRow, 'costMicrodollars'> {
  const { timing, usage } = turn;
  const said: UtteranceRow[] = [
    {
      role: 'user',
      content: storable(turn.caller ?? ''),
      interrupted: false,
      at: wall(turn.callerAt, at),
    },
    {
      role: 'assistant',
      content: storable(turn.heard),
      interrupted: turn.ending === 'interrupted',
      at: wall(turn.heardAt, at),
    },
  ];
  return {
    number,
    kind: turn.kind,
    ending: turn.ending,
    responseMs: timing.responseMs ?? null,
    endpointMs: timing.endpointMs ?? null,
    hearMs: timing.hearMs ?? null,
    thinkMs: timing.thinkMs ?? null,
    speakMs: timing.speakMs ?? null,
    playMs: timing.playMs ?? null,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    wastedInputTokens: usage.wasted?.inputTokens ?? 0,
    wastedOutputTokens: usage.wasted?.outputTokens ?? 0,
    characters: usage.characters,
    tools: turn.tools.map(toolRow),
    unheard: turn.unheard === undefined ? null : storable(turn.unheard),
    at,
    utterances: said.filter(({ content }) => content !== ''),
  };
}

/** A tool run as it is stored. */
export function toolRow(run: ToolRun): ToolRunRow {
  return {
    ...run,
    name: storable(run.name),
    arguments: storable(run.arguments),
    result: storable(run.result),
  };
}

/** Without NUL and halves of pairs, which Postgres refuses: a model may make them, and must not cost us the turn. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

function wall(ms: number | undefined, otherwise: Date): Date {
  return ms === undefined ? otherwise : new Date(ms);
}
