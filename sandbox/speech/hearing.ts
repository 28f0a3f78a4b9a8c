// Hears: the stream of one caller's speech turned into words, really or by a script.

/** A word as it was spoken, in milliseconds from the first sample of its utterance. */
export interface HeardWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** One caller. Calls take effect in the order they are made. */
export interface HearingStream {
  /** More of the utterance, silence inside it included. The first samples after `finish` begin a new one. */
  add(samples: Int16Array): void;
  /** The words so far. */
  words(): Promise<readonly HeardWord[]>;
  /** All words; the utterance is over. Without samples there are none. */
  finish(): Promise<readonly HeardWord[]>;
  close(): void;
}

export interface Hearing {
  /** `sampleRate` in Hz. Undefined when no more callers can be heard at once. */
  listen(sampleRate: number): HearingStream | undefined;
  close(): Promise<void>;
}
