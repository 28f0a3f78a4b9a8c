// A conversation as turns: from what is stored, or event by event while it runs.

export interface Utterance {
  readonly content: string;
  readonly interrupted: boolean;
  /** What we were about to say beyond it. */
  readonly unheard?: string | null;
  readonly timestamp: string;
}

export interface ToolRun {
  /** Of this run; old records have none. */
  readonly id?: string;
  readonly name: string;
  /** JSON */
  readonly arguments: string;
  /** Undefined while it runs, as is what follows; empty when the call ended before we learned of it. */
  readonly result?: string;
  readonly elapsed_ms?: number;
  readonly failed?: boolean;
}

/** What the caller waited for, in milliseconds, from their last word to our first sound; null where nothing was measured. */
export interface Latency {
  readonly response_ms: number | null;
  /** Hearing is within it. */
  readonly endpoint_ms: number | null;
  readonly hear_ms: number | null;
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
  readonly unheard: string | null;
  readonly created_at: string;
}

/** Turns in order, of what the API gives for a conversation; `before`: what is known of other turns. */
export function turnsOf(
  transcript: readonly StoredUtterance[],
  stored: readonly StoredTurn[] = [],
  before: readonly Turn[] = [],
): Turn[] {
  let turns = before;
  for (const { number, tools, unheard, created_at: timestamp, ...latency } of stored) {
    // Of an answer that was interrupted at once nothing is in the transcript.
    const unsaid = unheard && { content: '', interrupted: true, unheard, timestamp };
    turns = changed(turns, number, { tools, latency, ...(unsaid && { assistant: unsaid }) });
  }
  for (const said of transcript) turns = withUtterance(turns, said);
  return [...turns];
}

/** Why a tool did not do it, in the word of the tool, though it answered; undefined where it did. */
export function refusalOf({ result = '' }: ToolRun): string | undefined {
  try {
    const { error } = JSON.parse(result) as { error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing of it is known but its tools. */
export function isUnderWay(turn: Turn | undefined): boolean {
  return turn !== undefined && !turn.user && !turn.assistant && !turn.latency;
}

/** The state after one more event, as it is named by the streams of live calls and test calls; others change nothing. */
export function afterEvent(state: LiveTurns, type: string, event: unknown): LiveTurns {
  switch (type) {
    case 'call': {
      // The beginning of a stream: what has been said so far.
      const { transcript, turns: stored = [] } = event as {
        transcript: readonly StoredUtterance[];
        turns?: readonly StoredTurn[];
      };
      return { ...state, turns: turnsOf(transcript, stored, state.turns) };
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
    case 'tool_begun':
    case 'tool_ended':
    case 'tool': {
      const { turn, ...run } = event as ToolRun & { turn: number };
      return { ...state, turns: withRun(state.turns, turn, run) };
    }
    case 'latency': {
      const { turn, ...latency } = event as Latency & { turn: number };
      return { ...state, turns: changed(state.turns, turn, { latency }) };
    }
    case 'balance': {
      const { balance_seconds: balanceSeconds } = event as { balance_seconds: number };
      return { ...state, balanceSeconds };
    }
    case 'end':
      return { ...state, turns: state.turns.map(atRest), settled: '', interim: '' };
    default:
      return state;
  }
}

/** What the tools of an ended call did is in its record at the latest: nothing runs any more. */
function atRest(turn: Turn): Turn {
  return { ...turn, tools: turn.tools.map((run) => ({ result: '', ...run })) };
}

/** With a run as it is now, in place of what was known of it. */
function withRun(turns: readonly Turn[], number: number, run: ToolRun): readonly Turn[] {
  const { tools = [] } = turns.find((turn) => turn.number === number) ?? {};
  const place = run.id === undefined ? -1 : tools.findIndex(({ id }) => id === run.id);
  return changed(turns, number, { tools: place < 0 ? [...tools, run] : tools.with(place, run) });
}

function withUtterance(turns: readonly Turn[], said: StoredUtterance): readonly Turn[] {
  const { role, content, interrupted, unheard = null, timestamp } = said;
  return changed(turns, said.turn, { [role]: { content, interrupted, unheard, timestamp } });
}

function changed(turns: readonly Turn[], number: number, part: Partial<Turn>): readonly Turn[] {
  const before = turns.find((turn) => turn.number === number) ?? { number, tools: [] };
  return [...turns.filter((turn) => turn.number !== number), { ...before, ...part }].toSorted(
    (one, other) => one.number - other.number,
  );
}
