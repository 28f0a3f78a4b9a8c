// Who has the floor: one frame, or some words, go in; at most one event comes out. Pure, counted in media time.

import { completeness, isAcknowledgement } from './completeness.ts';
import { FRAME_MS } from './types.ts';
import type { Transcript } from './types.ts';

/** What we are doing while the caller does something. */
export interface Floor {
  /** Quiet: nothing to say. Thinking: a reply is on its way. Speaking: our audio is on the line, or held. */
  readonly agent: 'quiet' | 'thinking' | 'speaking';
  /** What we have said last is a question: whatever the caller says now may be its answer. */
  readonly asking: boolean;
  /** Nothing but the caller is waited for; prompts of ours to a silent caller do not count as activity. */
  readonly waiting: boolean;
}

/** What a detector that notices late knows about the past, in milliseconds up to and with this frame. */
export interface Noticed {
  /** How long the voice in this frame has lasted. */
  readonly lastedMs?: number;
  /** How long it has been quiet. */
  readonly quietMs?: number;
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
  | { readonly type: 'finished'; readonly text: string; readonly times: EndpointTimes }
  /** Nothing said for long: 1 and 2 ask, 3 lets go. */
  | { readonly type: 'silent'; readonly stage: 1 | 2 | 3 };

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
  /** Voice over our speech that silences us. */
  readonly interruptMs: number;
  /** A silenced line plays on after this long without words. */
  readonly retractMs: number;
  /** Quiet after voice that counts as a pause. */
  readonly pauseMs: number;
  /** Quiet that ends a turn, by how finished the words sound. */
  readonly waitMs: Readonly<Record<'complete' | 'unclear' | 'unfinished', number>>;
  /** How long final words are waited for after a pause, before the words so far will do. */
  readonly flushMs: number;
  /** Quiet from both sides: ask, ask again, let go. */
  readonly silentMs: readonly [number, number, number];
}

export const turnTakingDefaults: Omit<TurnTakingOptions, 'endpointing'> = {
  interruptMs: 100,
  retractMs: 1000,
  pauseMs: 200,
  waitMs: { complete: 240, unclear: 700, unfinished: 1500 },
  flushMs: 500,
  silentMs: [8000, 16_000, 30_000],
};

/** Voice gaps shorter than this belong to one stretch of voice. */
const GAP_MS = 80;
/** With words but no voice noticed in this time, the words themselves restart the wait. */
const UNNOTICED_MS = 1000;
/** Voice that is more than a click. */
const NOTICED_MS = 60;
/** Sound over the line's noise that may have been words. */
const SOUND_MS = 100;
/** Words that come within this time of a turn, without voice since, were part of it. */
const LATE_MS = 3000;
/** A line that was silenced is given back at the latest now, even if the noise goes on. */
const RETRACT_MS_MAX = 2500;
/** Words without noticed voice that interrupt us: one alone may be an echo of ours. */
const UNNOTICED_WORDS = 2;

export class TurnTaking {
  /** Set again once the recogniser is open, which may decide by itself. */
  endpointing: TurnTakingOptions['endpointing'];
  readonly #options: TurnTakingOptions;
  /** Final words of this turn, and the segment still being heard. */
  #finals: string[] = [];
  #interim = '';
  /** Since the last voiced frame; starts as if long ago. */
  #quietMs = Number.POSITIVE_INFINITY;
  #voicedMs = 0;
  /** Voice since the last pause, so that there is something to flush. */
  #unflushed = false;
  /** Since the flush that has not been answered. */
  #flushMs: number | undefined;
  #hearMs: number | undefined;
  /** Since we silenced ourselves for a possible interruption. */
  #heldMs: number | undefined;
  /** Since the last turn of the caller whose voice was noticed; words without voice since are its last words, late. */
  #finishedMs: number | undefined;
  #wasNoticed = false;
  #silentMs = 0;
  #silentStage = 0;

  constructor(options: TurnTakingOptions) {
    this.endpointing = options.endpointing;
    this.#options = options;
  }

  /** The words of the turn so far. */
  get text(): string {
    return [...this.#finals, this.#interim].filter((part) => part !== '').join(' ');
  }

  get #hasWords(): boolean {
    return this.#interim !== '' || this.#finals.length > 0;
  }

  /** One 20 ms frame. */
  onFrame(voiced: boolean, floor: Floor, noticed: Noticed = {}): CallerEvent | undefined {
    this.#count(voiced, floor, noticed);
    return (
      this.#interruption(voiced, floor) ??
      this.#pause() ??
      this.#endpoint(floor) ??
      this.#silence(floor)
    );
  }

  /** One report of the recogniser. */
  onTranscript(transcript: Transcript, floor: Floor): CallerEvent | undefined {
    switch (transcript.type) {
      case 'words':
        return this.#words(transcript, floor);
      case 'end-of-turn':
        return this.#vendorEnd(transcript.text, floor);
      case 'start-of-turn':
      case 'turn-resumed':
        return undefined;
      case 'eager-end-of-turn':
        this.#interim = transcript.text;
        return undefined;
    }
  }

  #count(voiced: boolean, floor: Floor, { lastedMs = 0, quietMs = 0 }: Noticed): void {
    if (voiced) {
      this.#voicedMs = Math.max(this.#voicedMs + FRAME_MS, lastedMs);
      this.#quietMs = 0;
      this.#unflushed = true;
      if (this.#voicedMs >= NOTICED_MS) {
        this.#wasNoticed = true;
        this.#finishedMs = undefined;
      }
    } else {
      this.#quietMs = Math.max(this.#quietMs + FRAME_MS, Math.min(quietMs, GAP_MS));
      if (this.#quietMs > GAP_MS) this.#voicedMs = 0;
    }
    // Sound that the model does not take for voice may still be somebody speaking.
    if (lastedMs >= SOUND_MS) this.#finishedMs = undefined;
    if (this.#finishedMs !== undefined) {
      this.#finishedMs += FRAME_MS;
      if (this.#finishedMs >= LATE_MS) this.#finishedMs = undefined;
    }
    if (this.#flushMs !== undefined) this.#flushMs += FRAME_MS;
    if (this.#heldMs !== undefined) this.#heldMs += FRAME_MS;
    if (!this.#hasWords && floor.waiting) this.#silentMs += FRAME_MS;
    else this.#silentMs = 0;
  }

  #interruption(voiced: boolean, floor: Floor): CallerEvent | undefined {
    if (floor.agent !== 'speaking') {
      this.#heldMs = undefined;
      return undefined;
    }
    if (this.#heldMs === undefined) {
      if (!voiced || this.#voicedMs < this.#options.interruptMs) return undefined;
      this.#heldMs = 0;
      return { type: 'interrupts' };
    }
    if (this.#hasWords) return undefined;
    const { retractMs, pauseMs } = this.#options;
    const quiet = this.#heldMs >= retractMs && this.#quietMs >= pauseMs;
    if (!quiet && this.#heldMs < RETRACT_MS_MAX) return undefined;
    this.#heldMs = undefined;
    this.#voicedMs = 0;
    return { type: 'retracts' };
  }

  #pause(): CallerEvent | undefined {
    if (this.endpointing !== 'local') return undefined;
    if (!this.#unflushed || this.#quietMs < this.#options.pauseMs) return undefined;
    this.#unflushed = false;
    this.#flushMs = 0;
    this.#hearMs = undefined;
    return { type: 'pauses' };
  }

  #endpoint(floor: Floor): CallerEvent | undefined {
    if (this.endpointing !== 'local') return undefined;
    const { waitMs } = this.#options;
    if (this.#quietMs < waitMs.complete || !this.#hasWords) return undefined;
    const { text } = this;
    if (this.#quietMs < waitMs[completeness(text)]) return undefined;
    const unanswered = this.#flushMs !== undefined && this.#flushMs < this.#options.flushMs;
    if (unanswered || this.#unflushed) return undefined;
    return this.#finish(text, floor);
  }

  #finish(text: string, floor: Floor): CallerEvent {
    const times = {
      endpointMs: Number.isFinite(this.#quietMs) ? this.#quietMs : 0,
      hearMs: this.#hearMs,
    };
    const overStatement = floor.agent === 'speaking' && !floor.asking;
    this.#finishedMs = this.#wasNoticed ? 0 : undefined;
    this.#wasNoticed = false;
    this.#finals = [];
    this.#interim = '';
    this.#flushMs = undefined;
    this.#voicedMs = 0;
    this.#heard();
    this.#heldMs = undefined;
    if (overStatement && isAcknowledgement(text)) return { type: 'retracts' };
    return { type: 'finished', text, times };
  }

  #silence(floor: Floor): CallerEvent | undefined {
    if (!floor.waiting) this.#silentStage = 0;
    const limit = this.#options.silentMs[this.#silentStage];
    if (limit === undefined || this.#silentMs < limit) return undefined;
    this.#silentStage += 1;
    return { type: 'silent', stage: this.#silentStage as 1 | 2 | 3 };
  }

  #words(
    { text, final, flushed }: Extract<Transcript, { type: 'words' }>,
    floor: Floor,
  ): CallerEvent | undefined {
    if (flushed && this.#flushMs !== undefined) {
      this.#hearMs = this.#flushMs;
      this.#flushMs = undefined;
    }
    if (this.#finishedMs !== undefined) return undefined;
    if (final) {
      if (text !== '') this.#finals.push(text);
      this.#interim = '';
    } else {
      this.#interim = text;
    }
    if (text === '') return undefined;
    this.#heard();
    if (this.#quietMs > UNNOTICED_MS) {
      this.#quietMs = 0;
      this.#unflushed = true;
    }
    return this.#confirmation(floor);
  }

  #confirmation(floor: Floor): CallerEvent | undefined {
    if (floor.agent !== 'speaking') return undefined;
    const text = this.text;
    const acknowledges = isAcknowledgement(text);
    if (acknowledges && !floor.asking) return undefined;
    const noticed = this.#heldMs !== undefined || this.#voicedMs >= this.#options.interruptMs;
    if (!noticed && text.split(/\s+/).length < UNNOTICED_WORDS) return undefined;
    this.#heldMs = undefined;
    return { type: 'confirms' };
  }

  #vendorEnd(text: string, floor: Floor): CallerEvent | undefined {
    if (text === '') {
      this.#finals = [];
      this.#interim = '';
      return undefined;
    }
    return this.#finish(text, floor);
  }

  #heard(): void {
    this.#silentMs = 0;
    this.#silentStage = 0;
  }
}
