// What is left when nobody can hear, think or speak for us, or when a call is about to be cut off: what the caller says is kept as sound.

import type { CallTurns } from './call-turns.ts';
import type { CallEnding } from './call-ending.ts';
import { FRAME_MS } from './types.ts';
import type { CallEnd, Clip, Samples, TransferTarget } from './types.ts';

/** Quiet after voice that ends a message, and quiet in which nobody has begun one. */
const QUIET_MS = 3000;
const UNBEGUN_MS = 4500;
/** The longest message. */
const LENGTH_MS_MAX = 60_000;
/** Voice that makes a message. */
const VOICE_MS_MIN = 600;
/** Kept before the first voice of what nobody has asked for a message. */
const LEAD_MS = 300;
/** Kept after the last voice. */
const TAIL_MS = 300;
/** Whoever presses one of these wants a person; this one is done. */
const PERSON_KEYS = '01';
const DONE_KEY = '#';
const BEEP_MS = 350;
const BEEP_HZ = 620;
const BEEP_LEVEL = 6000;

/** A message as it was left. */
export interface AudioMessage {
  readonly samples: Samples;
  /** Hz */
  readonly sampleRate: number;
  /** What a recogniser that still works has heard of it; '' when there is none. */
  readonly text: string;
}

export interface VoicemailClips {
  readonly leaveMessage: Clip;
  /** The same, with a person who can be had by a key. */
  readonly leaveMessageOrPress: Clip;
  readonly messageTaken: Clip;
  readonly goodbye: Clip;
}

export interface VoicemailParts {
  /** Hz of the line. */
  readonly sampleRate: number;
  readonly clips: VoicemailClips;
  readonly turns: Pick<CallTurns, 'say'>;
  readonly ending: Pick<CallEnding, 'planInstead' | 'leave'>;
  /** Who takes over; undefined when nobody does. */
  readonly person: TransferTarget | undefined;
  /** Keeps a message. */
  take(message: AudioMessage): Promise<void>;
}

type State = 'idle' | 'noting' | 'asking' | 'recording' | 'over';

/** Ends that cut a caller off who has just been asked for name and number. */
const cutOff: ReadonlySet<CallEnd | undefined> = new Set<CallEnd>([
  'credit',
  'max-duration',
  'drained',
]);

export class Voicemail {
  readonly #parts: VoicemailParts;
  #state: State = 'idle';
  #frames: Samples[] = [];
  #ms = 0;
  #voicedMs = 0;
  #quietMs = 0;
  #words: string[] = [];
  #taking: Promise<void> = Promise.resolve();

  constructor(parts: VoicemailParts) {
    this.#parts = parts;
  }

  /** The call may be cut off from now on: what the caller says is a message, unless it becomes one otherwise. */
  note(): void {
    if (this.#state === 'idle' || this.#state === 'noting') this.#restart('noting');
  }

  /** Asks for the message, with a beep at the end; what comes after that is it. */
  begin(): void {
    const { turns, clips, person, sampleRate } = this.#parts;
    this.#restart('asking');
    const ask = person ? clips.leaveMessageOrPress : clips.leaveMessage;
    turns.say('notice', withBeep(ask, sampleRate));
  }

  /** What we were saying has been heard. */
  heard(): void {
    if (this.#state === 'asking') this.#state = 'recording';
    else if (this.#state === 'over') this.#parts.ending.leave();
  }

  /** One frame of the caller. */
  onFrame(frame: Samples, voiced: boolean): void {
    if (this.#state === 'noting') return this.#noteFrame(frame, voiced);
    if (this.#state !== 'recording') return;
    this.#frames.push(frame);
    this.#ms += FRAME_MS;
    if (voiced) {
      this.#voicedMs += FRAME_MS;
      this.#quietMs = 0;
    } else this.#quietMs += FRAME_MS;
    const begun = this.#voicedMs >= VOICE_MS_MIN;
    if (this.#quietMs >= (begun ? QUIET_MS : UNBEGUN_MS) || this.#ms >= LENGTH_MS_MAX) this.#end();
  }

  onWords(text: string, final: boolean): void {
    if (this.#state === 'recording' && final) this.#words.push(text);
  }

  /** A turn of the caller, in a call that may be cut off. */
  onTurn(text: string): void {
    if (this.#state === 'noting') this.#words.push(text);
  }

  onKey(key: string): void {
    if (this.#state === 'over') return;
    if (PERSON_KEYS.includes(key) && this.#parts.person) return this.#leave(true);
    if (key === DONE_KEY && this.#state === 'recording') this.#end();
  }

  /**
   * The line is gone, for this reason: what has been said is kept, `unanswered` with it, which were the last words and are
   * in no others. Resolves when it is.
   */
  async finish(end: CallEnd | undefined, unanswered: string): Promise<void> {
    const last = unanswered === '' ? [] : [unanswered];
    if (this.#state === 'recording') this.#keep();
    else if (this.#state === 'noting' && (cutOff.has(end) || unanswered !== '')) this.#keep(last);
    this.#state = 'over';
    await this.#taking;
  }

  #end(): void {
    this.#leave(!this.#keep());
  }

  /** Says the last words, and then goes to the person if one is wanted and there is one. */
  #leave(toPerson: boolean): void {
    const { turns, clips, ending, person } = this.#parts;
    const taken = !toPerson;
    this.#state = 'over';
    if (toPerson && person) {
      ending.planInstead({ type: 'transfer', target: person });
      ending.leave();
      return;
    }
    ending.planInstead({ type: 'hang-up', reason: 'failed' });
    turns.say('notice', taken ? clips.messageTaken : clips.goodbye);
  }

  #restart(state: State): void {
    this.#state = state;
    this.#frames = [];
    this.#words = [];
    this.#ms = 0;
    this.#voicedMs = 0;
    this.#quietMs = 0;
  }

  #noteFrame(frame: Samples, voiced: boolean): void {
    if (this.#ms >= LENGTH_MS_MAX) return;
    this.#frames.push(frame);
    if (voiced) {
      this.#voicedMs += FRAME_MS;
      this.#quietMs = 0;
    } else this.#quietMs += FRAME_MS;
    if (this.#voicedMs > 0) this.#ms += FRAME_MS;
    else if (this.#frames.length > LEAD_MS / FRAME_MS) this.#frames.shift();
  }

  /** Whether there was a message. */
  #keep(last: readonly string[] = []): boolean {
    if (this.#voicedMs < VOICE_MS_MIN) return false;
    const { sampleRate } = this.#parts;
    const frames = Math.ceil(Math.max(0, this.#quietMs - TAIL_MS) / FRAME_MS);
    const kept = this.#frames.slice(0, this.#frames.length - frames);
    const samples = new Int16Array(kept.reduce((sum, each) => sum + each.length, 0));
    let at = 0;
    for (const frame of kept) {
      samples.set(frame, at);
      at += frame.length;
    }
    this.#frames = [];
    const text = [...this.#words, ...last].join(' ');
    this.#taking = this.#parts.take({ samples, sampleRate, text });
    return true;
  }
}

/** Stored speech with the tone that says: now. */
function withBeep(clip: Clip, sampleRate: number): Clip {
  const pause = Math.round(sampleRate / 10);
  const beep = Math.round((sampleRate * BEEP_MS) / 1000);
  const samples = new Int16Array(clip.samples.length + pause + beep);
  samples.set(clip.samples);
  for (let at = 0; at < beep; at += 1) {
    const value = BEEP_LEVEL * Math.sin((2 * Math.PI * BEEP_HZ * at) / sampleRate);
    samples[clip.samples.length + pause + at] = Math.round(value);
  }
  const lengthMs = (clip.samples.length / clip.sampleRate) * 1000;
  const words = clip.words.length > 0 ? clip.words : spread(clip.text, lengthMs);
  return { ...clip, samples, words };
}

/** Times for words that have none: the tone says no word. */
function spread(text: string, lengthMs: number): Clip['words'] {
  const msPerCharacter = lengthMs / Math.max(1, text.length);
  return [...text.matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    startMs: match.index * msPerCharacter,
    endMs: (match.index + match[0].length) * msPerCharacter,
  }));
}
