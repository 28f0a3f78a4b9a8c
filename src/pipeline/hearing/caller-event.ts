// What the ear tells the call of its caller, and what it must know of us to tell it.

import type { EndpointRules } from './endpoint-wait.ts';
import type { Expectation } from './expectation.ts';
import type { ListeningWords } from '../languages/language.ts';

/** What we are doing while the caller does something. */
export interface Floor {
  /** Quiet: nothing to say. Thinking: a reply is on its way. Speaking: our audio is on the line, or held. */
  readonly agent: 'quiet' | 'thinking' | 'speaking';
  /** What we have said last is a question: whatever the caller says now may be its answer. */
  readonly asking: boolean;
  /** Nothing but the caller is waited for; prompts of ours to a silent caller do not count as activity. */
  readonly waiting: boolean;
  /** What our question is for, if there was one. */
  readonly expected: Expectation;
  /** What we are saying, as far as it has been made. */
  readonly saying: string;
  /** Only the end of a question is still to be heard: whoever speaks now answers it. */
  readonly ending: boolean;
}

/** What a detector that notices late knows about the past, in milliseconds up to and with this frame. */
export interface Noticed {
  /** How long the voice in this frame has lasted. */
  readonly lastedMs?: number;
  /** How long it has been quiet. */
  readonly quietMs?: number;
  /** How long it has been so faint that the words before it are over, though it may not be quiet yet. */
  readonly faintMs?: number;
}

export type CallerEvent =
  /** Voice over our speech: silence the line now, the words will tell whether it was meant. */
  | { readonly type: 'interrupts' }
  /** Words came: the interruption is meant. */
  | { readonly type: 'confirms' }
  /** No words came, or only an acknowledgement: play on. */
  | { readonly type: 'retracts' }
  /** The caller has paused: have the recogniser make its words final. */
  | { readonly type: 'pauses' }
  /** The turn may be over with these words: the reply may be prepared, not spoken. */
  | { readonly type: 'supposes'; readonly text: string }
  /** It is not: what was prepared is of no use. */
  | { readonly type: 'doubts' }
  | {
      readonly type: 'finished';
      readonly text: string;
      readonly times: EndpointTimes;
      /** The recogniser guesses: it may have been something else, or nothing. */
      readonly unsure?: true;
    }
  /** Nothing said for long: 1 and 2 ask, 3 lets go. */
  | { readonly type: 'silent'; readonly stage: 1 | 2 | 3 }
  /** There is voice all the time and never a word: no goodbye would be heard either. */
  | { readonly type: 'wordless' };

/** Milliseconds of media time. */
export interface EndpointTimes {
  /** From the last voiced frame to the decision. */
  readonly endpointMs: number;
  /** From the flush to the recogniser's answer; undefined when it decided by itself. */
  readonly hearMs: number | undefined;
}

/** All in milliseconds of media time. */
export interface TurnTakingOptions {
  /** Who decides that a turn is over. */
  readonly endpointing: 'local' | 'vendor';
  readonly words: ListeningWords;
  /** How long quiet has to last. */
  readonly wait: EndpointRules;
  /** Voice over our speech that silences us. */
  readonly interruptMs: number;
  /** A silenced line plays on after this long without words. */
  readonly retractMs: number;
  /** Quiet after voice that counts as a pause. */
  readonly pauseMs: number;
  /** Quiet after which a turn that sounds finished is supposed to be. */
  readonly supposeMs: number;
  /** How long final words are waited for after a pause, before the words so far will do. */
  readonly flushMs: number;
  /** And how long where these are not final and sound as if more had been said: a recogniser that is late has the rest. */
  readonly partFlushMs: number;
  /** Quiet from both sides: ask, ask again, let go. */
  readonly silentMs: readonly [number, number, number];
}

export const turnTakingDefaults: Omit<TurnTakingOptions, 'endpointing' | 'words' | 'wait'> = {
  interruptMs: 100,
  retractMs: 1000,
  pauseMs: 140,
  supposeMs: 100,
  flushMs: 500,
  partFlushMs: 1000,
  silentMs: [8000, 16_000, 30_000],
};
