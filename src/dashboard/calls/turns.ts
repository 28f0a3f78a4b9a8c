// A conversation as turns: from what is stored, or event by event while it runs.

export interface Utterance {
  readonly content: string;
  readonly interrupted: boolean;
  readonly timestamp: string;
}

export interface ToolRun {
  readonly name: string;
  /** JSON */
  readonly arguments: string;
  readonly result: string;
  readonly elapsed_ms: number;
  readonly failed: boolean;
}

/** What the caller waited for, in milliseconds, from their last word to our first sound; null where nothing was measured. */
export interface Latency {
  readonly response_ms: number | null;
  readonly endpoint_ms: number | null;
  readonly hear_ms?: number | null;
  readonly think_ms: number | null;
  readonly speak_ms: number | null;
  readonly play_ms: number | null;
}

export interface Turn {
  readonly number: number;
  readonly user?: Utterance;
  readonly assistant?: Utterance;
  readonly tools: readonly ToolRun[];
  readonly latency?: Latency;
}

export interface LiveTurns {
  readonly turns: readonly Turn[];
  /** Words of the caller that belong to no turn yet: those that are certain, and those that may change. */
  readonly settled: string;
  readonly interim: string;
  readonly balanceSeconds: number | undefined;
}

export const noTurns: LiveTurns = {
  turns: [],
  settled: '',
  interim: '',
  balanceSeconds: undefined,
};

interface StoredUtterance extends Utterance {
  readonly role: 'user' | 'assistant';
  readonly turn: number;
}

export interface StoredTurn extends Latency {
  readonly number: number;
  readonly tools: readonly ToolRun[];
}

/** Turns in order, of what the API gives for a conversation. */
export function turnsOf(
  transcript: readonly StoredUtterance[],
  measured: readonly StoredTurn[] = [],
): Turn[] {
  let turns: readonly Turn[] = [];
  for (const { number, tools, ...latency } of measured) {
    turns = changed(turns, number, { tools, latency });
  }
  for (const said of transcript) turns = withUtterance(turns, said);
  return [...turns];
}

/** The state after one more event, as it is named by the streams of live calls and test calls; others change nothing. */
export function afterEvent(state: LiveTurns, type: string, event: unknown): LiveTurns {
  switch (type) {
    case 'call': {
      // The beginning of a stream: what has been said so far.
      const { transcript } = event as { transcript: readonly StoredUtterance[] };
      return { ...state, turns: turnsOf(transcript, state.turns.flatMap(measuredOf)) };
    }
    case 'words': {
      const { text, final } = event as { text: string; final: boolean };
      if (!final) return { ...state, interim: text };
      return { ...state, settled: `${state.settled} ${text}`.trim(), interim: '' };
    }
    case 'utterance': {
      const said = event as StoredUtterance;
      const turns = withUtterance(state.turns, said);
      return said.role === 'user'
        ? { ...state, turns, settled: '', interim: '' }
        : { ...state, turns };
    }
    case 'tool': {
      const { turn, ...run } = event as ToolRun & { turn: number };
      const { tools = [] } = state.turns.find(({ number }) => number === turn) ?? {};
      return { ...state, turns: changed(state.turns, turn, { tools: [...tools, run] }) };
    }
    case 'latency': {
      const { turn, ...latency } = event as Latency & { turn: number };
      return { ...state, turns: changed(state.turns, turn, { latency }) };
    }
    case 'balance': {
      const { balance_seconds: balanceSeconds } = event as { balance_seconds: number };
      return { ...state, balanceSeconds };
    }
    default:
      return state;
  }
}

function measuredOf({ number, tools, latency }: Turn): StoredTurn[] {
  return latency ? [{ number, tools, ...latency }] : [];
}

function withUtterance(turns: readonly Turn[], said: StoredUtterance): readonly Turn[] {
  const { role, content, interrupted, timestamp } = said;
  return changed(turns, said.turn, { [role]: { content, interrupted, timestamp } });
}

function changed(turns: readonly Turn[], number: number, part: Partial<Turn>): readonly Turn[] {
  const before = turns.find((turn) => turn.number === number) ?? { number, tools: [] };
  return [...turns.filter((turn) => turn.number !== number), { ...before, ...part }].toSorted(
    (one, other) => one.number - other.number,
  );
}
