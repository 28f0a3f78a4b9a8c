// Recordings that are heard as a whole, after they were made.

/** In the form it came in. */
export interface Recording {
  readonly bytes: Uint8Array;
  /** By its content, not by what its sender calls it. */
  readonly contentType: string;
}

export interface RecordingWords {
  readonly text: string;
  /** ISO 639-1: the one asked for, or the one that was heard; undefined where nothing was. */
  readonly language: string | undefined;
  readonly durationMs: number;
}

export interface HearingOptions {
  /** BCP 47, or undefined to have it detected. */
  readonly language: string | undefined;
  /** Names and words that are likely to be said. */
  readonly keyterms?: readonly string[];
  readonly signal: AbortSignal;
}

/** Throws `invalid` when the file is none that can be read, `vendor_failed` otherwise. */
export type HearRecording = (
  recording: Recording,
  options: HearingOptions,
) => Promise<RecordingWords>;
