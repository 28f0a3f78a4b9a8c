// Who has the floor: one frame, or some words, go in; at most one event comes out. Pure, counted in media time.

import type { CallerEvent, Floor, Noticed, TurnTakingOptions } from './caller-event.ts';
import { AWAITED_MS, asksToWait, completeness, isAcknowledgement, isStop } from './completeness.ts';
import type { Completeness } from './completeness.ts';
import type { Expectation } from './expectation.ts';
import { plainWords } from '../languages/language.ts';
import type { AskedFor } from '../languages/language.ts';
import { FRAME_MS } from '../types.ts';
import type { Transcript } from '../types.ts';

/** Voice gaps shorter than this belong to one stretch of voice. */
const GAP_MS = 80;
/** With words but no voice noticed in this time, the words themselves restart the wait. */
const UNNOTICED_MS = 1000;
/** What is faint is still voice within a word until it has been quiet for this long. */
const FADED_MS = 60;
/** Voice that is more than a click. */
const NOTICED_MS = 60;
/** Sound over the line's noise that may have been words. */
const SOUND_MS = 100;
/** Words that come within this time of a turn, without voice since, were part of it. */
const LATE_MS = 3000;
/** So much voice without a word is music, a machine or a room: nobody will answer, however often it is asked. */
const WORDLESS_MS_MAX = 45_000;
/** A line that was silenced is given back at the latest now, even if the noise goes on. */
const RETRACT_MS_MAX = 2500;
/** Words without noticed voice that interrupt us: one alone may be an echo of ours. */
const UNNOTICED_WORDS = 2;
/** Words of which the recogniser is less sure are a guess: recorded streams have 0.93 and more where they are right, 0.2 to 0.8 elsewhere. */
const UNSURE = 0.5;
/** So few of these over our speech are a noise. */
const UNSURE_WORDS_MAX = 2;

/** Values that are certain to be whole. */
const countable: ReadonlySet<AskedFor | undefined> = new Set<AskedFor>(['phone', 'code', 'email']);

interface Said {
  readonly text: string;
  readonly confidence?: number | undefined;
}

export class TurnTaking {
  /** Set again once the recogniser is open, which may decide by itself. */
  endpointing: TurnTakingOptions['endpointing'];
  readonly #options: TurnTakingOptions;
  /** Final words of this turn, and these with the segment still being heard. */
  #finals: Said[] = [];
  #text = '';
  /** Some of them are not final. */
  #partial = false;
  /** The recogniser guesses them. */
  #unsure = false;
  #judged: { text: string; expected: Expectation; is: Completeness } | undefined;
  /** Since the last voiced frame; starts as if long ago. */
  #quietMs = Number.POSITIVE_INFINITY;
  /** How long it was quiet before the present voice. */
  #pausedMs = Number.POSITIVE_INFINITY;
  #voicedMs = 0;
  /** Voice since the last pause, so that there is something to flush. */
  #unflushed = false;
  /** Since the flush that has not been answered. */
  #flushMs: number | undefined;
  #hearMs: number | undefined;
  /** The recogniser has answered that the voice since the last words was none. */
  #nothingSaid = false;
  /** Since we silenced ourselves for a possible interruption. */
  #heldMs: number | undefined;
  /** We have given way to words of a turn that is not over. */
  #gaveWay = false;
  /** Since the last turn of the caller whose voice was noticed; words without voice since are its last words, late. */
  #finishedMs: number | undefined;
  #wasNoticed = false;
  /** Words of which it was said that the turn may be over. */
  #supposed: string | undefined;
  /** The vendor took the turn for finished, we do not yet. */
  #vendorEnded = false;
  /** Words that were used before the vendor took its turn for finished or made them final, plain. */
  #usedEarly = '';
  /** How long what was not final may still come as such. */
  #usedMs = 0;
  #silentMs = 0;
  #silentStage = 0;
  /** The caller has asked us to wait. */
  #awaited = false;
  /** Of voice in which no words were found, since the last words. */
  #wordlessMs = 0;

  constructor(options: TurnTakingOptions) {
    this.endpointing = options.endpointing;
    this.#options = options;
  }

  /** The words of the turn so far. */
  get text(): string {
    return this.#text;
  }

  /** There are words, or has been voice, that nobody has been told of. */
  get unfinished(): boolean {
    return this.#text !== '' || this.#unflushed || this.#flushMs !== undefined;
  }

  /** One 20 ms frame. */
  onFrame(voiced: boolean, floor: Floor, noticed: Noticed = {}): CallerEvent | undefined {
    this.#count(voiced, floor, noticed);
    return (
      this.#interruption(voiced, floor) ??
      this.#pause(noticed) ??
      this.#endpoint(floor) ??
      this.#supposition(floor) ??
      this.#silence(floor)
    );
  }

  /** One report of the recogniser. */
  onTranscript(transcript: Transcript, floor: Floor): CallerEvent | undefined {
    switch (transcript.type) {
      case 'words':
        return this.#words(transcript, floor);
      case 'end-of-turn':
        return this.#vendorEnd(transcript, floor);
      case 'start-of-turn':
        return undefined;
      case 'turn-resumed':
        this.#supposed = undefined;
        return { type: 'doubts' };
      case 'eager-end-of-turn':
        return this.#vendorSupposes(transcript.text, floor);
    }
  }

  #count(voiced: boolean, floor: Floor, { lastedMs = 0, quietMs = 0 }: Noticed): void {
    if (voiced) {
      if (this.#voicedMs === 0) this.#pausedMs = this.#quietMs;
      const before = this.#voicedMs;
      this.#voicedMs = Math.max(before + FRAME_MS, lastedMs);
      this.#quietMs = 0;
      this.#unflushed = true;
      if (before < NOTICED_MS && this.#voicedMs >= NOTICED_MS) this.#voiceBegins(floor);
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
    if (this.#usedMs > 0 && (this.#usedMs -= FRAME_MS) <= 0) this.#usedEarly = '';
    if (this.#flushMs !== undefined) this.#flushMs += FRAME_MS;
    if (this.#heldMs !== undefined) this.#heldMs += FRAME_MS;
    if (this.#text === '' && floor.waiting) this.#silentMs += FRAME_MS;
    else this.#silentMs = 0;
    if (this.#text !== '') this.#wordlessMs = 0;
    else if (voiced) this.#wordlessMs += FRAME_MS;
  }

  #voiceBegins(floor: Floor): void {
    if (this.#text !== '') this.#options.wait.notePause(this.#pausedMs);
    else if (this.#finishedMs !== undefined && floor.agent === 'thinking') {
      this.#options.wait.noteCutOff(this.#pausedMs);
    }
    this.#wasNoticed = true;
    this.#nothingSaid = false;
    this.#finishedMs = undefined;
  }

  #interruption(voiced: boolean, floor: Floor): CallerEvent | undefined {
    if (floor.agent === 'quiet') {
      this.#heldMs = undefined;
      return this.#gaveWay ? this.#regret() : undefined;
    }
    if (this.#heldMs === undefined) {
      if (!voiced || this.#voicedMs < this.#options.interruptMs || floor.ending) return undefined;
      this.#heldMs = 0;
      return { type: 'interrupts' };
    }
    if (this.#text !== '' && !this.#unsure) return undefined;
    const { retractMs, pauseMs } = this.#options;
    const quiet = this.#quietMs >= pauseMs && (this.#heldMs >= retractMs || this.#nothingSaid);
    if (!quiet && this.#heldMs < RETRACT_MS_MAX) return undefined;
    this.#heldMs = undefined;
    this.#voicedMs = 0;
    return { type: 'retracts' };
  }

  /** The words we gave way to were none. */
  #regret(): CallerEvent | undefined {
    if (this.#text !== '' || this.#quietMs < this.#options.retractMs) return undefined;
    this.#gaveWay = false;
    return { type: 'retracts' };
  }

  #pause({ faintMs = 0 }: Noticed): CallerEvent | undefined {
    if (this.endpointing !== 'local' || !this.#unflushed) return undefined;
    const quietMs = this.#quietMs < FADED_MS ? this.#quietMs : Math.max(this.#quietMs, faintMs);
    if (quietMs < this.#options.pauseMs) return undefined;
    this.#unflushed = false;
    this.#flushMs = 0;
    this.#hearMs = undefined;
    return { type: 'pauses' };
  }

  #endpoint(floor: Floor): CallerEvent | undefined {
    if (this.#text === '' || this.#quietMs < this.#options.wait.shortestMs) return undefined;
    const is = this.#completeness(floor);
    if (this.endpointing === 'vendor') {
      // A number we asked for is whole when it has its digits, whatever the vendor makes of the pauses in it.
      const whole = is === 'complete' && countable.has(floor.expected.what);
      if (!whole && !this.#vendorEnded) return undefined;
      if (!whole && this.#quietMs < this.#options.wait.ms(is)) return undefined;
      if (!this.#vendorEnded) this.#usedEarly = plainWords(this.#text);
      return this.#finish(floor);
    }
    if (this.#quietMs < this.#options.wait.ms(is)) return undefined;
    const { flushMs, partFlushMs } = this.#options;
    const answerMs = this.#partial && is !== 'complete' ? partFlushMs : flushMs;
    const unanswered = this.#flushMs !== undefined && this.#flushMs < answerMs;
    if (unanswered || this.#unflushed) return undefined;
    return this.#finish(floor);
  }

  #completeness({ expected }: Floor): Completeness {
    const judged = this.#judged;
    if (judged?.text === this.#text && judged.expected === expected) return judged.is;
    const is = completeness(this.#text, this.#options.words, expected);
    this.#judged = { text: this.#text, expected, is };
    return is;
  }

  #finish(floor: Floor): CallerEvent {
    const text = this.#text;
    const unsure = this.#unsure;
    const times = {
      endpointMs: Number.isFinite(this.#quietMs) ? this.#quietMs : 0,
      hearMs: this.#hearMs,
    };
    const overStatement = floor.agent !== 'quiet' && !floor.asking && !floor.ending;
    this.#finishedMs = this.#wasNoticed ? 0 : undefined;
    this.#wasNoticed = false;
    if (this.#partial && this.endpointing === 'local') {
      const finals = this.#finals.map((part) => part.text).join(' ');
      this.#usedEarly = plainWords(text.slice(finals.length));
      this.#usedMs = LATE_MS;
    }
    this.#finals = [];
    this.#hear('');
    this.#flushMs = undefined;
    this.#voicedMs = 0;
    this.#vendorEnded = false;
    this.#supposed = undefined;
    this.#gaveWay = false;
    this.#restartSilence();
    this.#heldMs = undefined;
    if (overStatement && isAcknowledgement(text, this.#options.words)) return { type: 'retracts' };
    if (unsure && floor.agent !== 'quiet' && this.#isNoise(text)) return { type: 'retracts' };
    this.#options.wait.noteTurn();
    this.#awaited = asksToWait(text, this.#options.words);
    return unsure ? { type: 'finished', text, times, unsure } : { type: 'finished', text, times };
  }

  /** Whether a guess is one that nobody need have said. */
  #isNoise(text: string): boolean {
    return text.split(/\s+/).length <= UNSURE_WORDS_MAX && !isStop(text, this.#options.words);
  }

  #supposition(floor: Floor): CallerEvent | undefined {
    if (this.endpointing !== 'local') return undefined;
    if (this.#supposed !== undefined && this.#voicedMs >= NOTICED_MS) {
      this.#supposed = undefined;
      return { type: 'doubts' };
    }
    if (floor.agent !== 'quiet' || this.#text === '') return undefined;
    if (this.#quietMs < this.#options.supposeMs || this.#supposed === this.#text) return undefined;
    const is = this.#completeness(floor);
    // Words so far may lack the last ones, unless they make a whole.
    const heardOut = !this.#unflushed && this.#flushMs === undefined;
    const whole = is === 'complete' || (heardOut && (is === 'likely' || is === 'unclear'));
    if (!whole) {
      return undefined;
    }
    this.#supposed = this.#text;
    return { type: 'supposes', text: this.#text };
  }

  #silence(floor: Floor): CallerEvent | undefined {
    if (this.#wordlessMs >= WORDLESS_MS_MAX) return { type: 'wordless' };
    if (!floor.waiting) this.#silentStage = 0;
    const limit = this.#options.silentMs[this.#silentStage];
    if (limit === undefined) return undefined;
    if (this.#silentMs < limit + (this.#awaited ? AWAITED_MS : 0)) return undefined;
    this.#silentStage += 1;
    return { type: 'silent', stage: this.#silentStage as 1 | 2 | 3 };
  }

  #words(
    { text, final, flushed, confidence }: Extract<Transcript, { type: 'words' }>,
    floor: Floor,
  ): CallerEvent | undefined {
    // What we have asked for was said before the pause, if it comes in any time at all.
    const late = this.#flushMs !== undefined && this.#flushMs < LATE_MS;
    if (flushed && this.#flushMs !== undefined) {
      this.#hearMs = this.#flushMs;
      this.#flushMs = undefined;
      this.#nothingSaid = text === '' && this.#text === '';
    }
    const said = this.#withoutUsed(text);
    if (final && this.#usedMs > 0) [this.#usedEarly, this.#usedMs] = ['', 0];
    if (this.#finishedMs !== undefined) return undefined;
    const unnoticed = this.#quietMs > UNNOTICED_MS && !late;
    // A guess at what nobody was heard to say.
    if (said !== '' && isUnsure(confidence) && unnoticed && this.#text === '') return undefined;
    if (final) {
      if (said !== '') this.#finals.push({ text: said, confidence });
      this.#hear('');
    } else {
      this.#hear(said, confidence);
    }
    if (said === '') return undefined;
    this.#restartSilence();
    if (unnoticed) {
      this.#quietMs = 0;
      this.#unflushed = true;
    }
    return this.#confirmation(floor) ?? this.#supposition(floor);
  }

  #hear(interim: string, confidence?: number): void {
    this.#partial = interim !== '';
    const all = [...this.#finals, { text: interim, confidence }].filter(({ text }) => text !== '');
    this.#text = all.map(({ text }) => text).join(' ');
    this.#unsure = all.length > 0 && all.every((part) => isUnsure(part.confidence));
  }

  #confirmation(floor: Floor): CallerEvent | undefined {
    if (floor.agent === 'quiet' || floor.ending) return undefined;
    const { words, interruptMs, pauseMs } = this.#options;
    const text = this.#text;
    if (!floor.asking && isAcknowledgement(text, words)) {
      const over = this.#heldMs !== undefined && this.#quietMs >= pauseMs;
      return over && this.#flushMs === undefined ? this.#finish(floor) : undefined;
    }
    const noticed = this.#heldMs !== undefined || this.#voicedMs >= interruptMs;
    if (this.#unsure && this.#isNoise(text)) return undefined;
    const meant = noticed || isStop(text, words) || text.split(/\s+/).length >= UNNOTICED_WORDS;
    if (!meant) return undefined;
    this.#heldMs = undefined;
    this.#gaveWay = true;
    return { type: 'confirms' };
  }

  #vendorSupposes(text: string, floor: Floor): CallerEvent | undefined {
    const said = this.#withoutUsed(text);
    this.#hear(said);
    if (floor.agent !== 'quiet' || said === '') return undefined;
    this.#supposed = said;
    return { type: 'supposes', text: said };
  }

  #vendorEnd({ text, confidence }: Said, floor: Floor): CallerEvent | undefined {
    const said = this.#withoutUsed(text);
    this.#usedEarly = '';
    if (said === '') {
      this.#finals = this.#vendorEnded ? this.#finals : [];
      this.#hear('');
      return undefined;
    }
    this.#finals.push({ text: said, confidence });
    this.#hear('');
    // Half a number is none: the rest may come as a turn of its own.
    const is = this.#completeness(floor);
    this.#vendorEnded = is === 'dictating' || is === 'spelling';
    return this.#vendorEnded ? undefined : this.#finish(floor);
  }

  /** What the vendor's turn says beyond the words that were used before it ended. */
  #withoutUsed(text: string): string {
    if (this.#usedEarly === '') return text;
    const plain = plainWords(text);
    if (!plain.startsWith(this.#usedEarly)) return this.#usedEarly.startsWith(plain) ? '' : text;
    const used = this.#usedEarly.split(' ').length;
    return text.split(/\s+/).slice(used).join(' ');
  }

  #restartSilence(): void {
    this.#silentMs = 0;
    this.#silentStage = 0;
  }
}

function isUnsure(confidence: number | undefined): boolean {
  return confidence !== undefined && confidence < UNSURE;
}
