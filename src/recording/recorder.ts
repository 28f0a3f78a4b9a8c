// Records one call: sees both sides pass, and writes them down once it may.

import type { Log } from '../lib/log.ts';
import { newId } from '../lib/ids.ts';
import type { Clock } from '../lib/clock.ts';
import type { Samples } from '../pipeline/types.ts';
import { endRecording, insertRecording } from '../store/calls/recordings.ts';
import type { Sql } from '../store/database/sql.ts';
import { outlasting } from '../store/database/store-error.ts';
import type { RecordingFile, Shelf } from './shelf.ts';
import { StereoTrack } from './stereo-track.ts';

/** Frames written at once: a second. */
const FRAMES_AT_ONCE = 50;
/** Seconds that may wait for a slow disk; then the recording ends where it is. */
const WAITING_MAX = 30;
/** A database that is away when a recording begins is waited for; what is recorded waits, too, and so for less than that. */
const BEGIN_MS_MAX = 20_000;

export interface RecorderParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly shelf: Shelf;
}

export interface RecordedCall {
  readonly callId: string;
  readonly clientId: string;
  /** Hz */
  readonly sampleRate: number;
  readonly keepDays: number;
}

/** `played`, `cleared` and `frame` are called as the line does them, from its first moment on. */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #call: RecordedCall;
  readonly #track: StereoTrack;
  /** Frames from before the beginning that belong to it all the same. */
  readonly #before: Uint8Array[] = [];
  readonly #keepFrames: number;
  #state: 'waiting' | 'recording' | 'over' = 'waiting';
  #id = '';
  #file: Promise<RecordingFile | undefined> | undefined;
  #pieces: Uint8Array[] = [];
  #writing: Promise<void> = Promise.resolve();
  #waitingWrites = 0;
  /** The disk took something no more: what comes after it would not fit on. */
  #broken = false;
  #ending: Promise<void> | undefined;
  #bytes = 0;

  /** `keepMs` of sound are remembered before `begin`. */
  constructor(parts: RecorderParts, call: RecordedCall, keepMs: number) {
    this.#parts = parts;
    this.#call = call;
    this.#track = new StereoTrack(call.sampleRate);
    this.#keepFrames = Math.ceil(keepMs / 20);
  }

  played(samples: Samples): void {
    if (this.#state !== 'over') this.#track.push(samples);
  }

  cleared(heardMs: number): void {
    if (this.#state !== 'over') this.#track.clear(heardMs);
  }

  /** A frame of the caller; `heardMs`: of ours by now. */
  frame(samples: Samples, heardMs: number): void {
    if (this.#state === 'over') return;
    if (this.#state === 'recording') return this.#add(this.#track.frame(samples, heardMs));
    if (this.#keepFrames === 0) return this.#track.skip(heardMs);
    this.#before.push(this.#track.frame(samples, heardMs));
    if (this.#before.length > this.#keepFrames) this.#before.shift();
  }

  /** From now on, and `keepMs` before it, at most what is remembered. Once. */
  begin(keepMs = 0): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'recording';
    const { sql, clock, log, shelf } = this.#parts;
    const { callId, ...call } = this.#call;
    this.#id = newId(clock.now());
    const recording = { id: this.#id, conversationId: callId, ...call };
    this.#file = outlasting(clock, BEGIN_MS_MAX, () => insertRecording(sql, recording))
      .then(() => shelf.create(this.#id))
      .catch((error: unknown) => {
        log.error('a call cannot be recorded', { callId, error });
        this.#state = 'over';
        return undefined;
      });
    const kept = this.#before.splice(0).slice(-Math.ceil(keepMs / 20) || Infinity);
    for (const piece of keepMs > 0 ? kept : []) this.#add(piece);
  }

  /** What there is is kept. Never rejects. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const wasRecording = this.#state === 'recording';
    this.#state = 'over';
    if (!wasRecording) return;
    this.#flush();
    await this.#writing;
    const { sql, log } = this.#parts;
    try {
      const file = await this.#file;
      await file?.close();
      if (file) await endRecording(sql, this.#id, this.#bytes);
    } catch (error) {
      log.error('the end of a recording is not stored', { callId: this.#call.callId, error });
    }
  }

  #add(stereo: Uint8Array): void {
    this.#pieces.push(stereo);
    if (this.#pieces.length >= FRAMES_AT_ONCE) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#pieces.splice(0));
    if (bytes.length === 0 || this.#broken) return;
    if (this.#waitingWrites >= WAITING_MAX) {
      this.#parts.log.error('a recording ends: the disk is too slow', {
        callId: this.#call.callId,
      });
      void this.end();
      return;
    }
    this.#waitingWrites += 1;
    this.#writing = this.#writing.then(async () => {
      try {
        const file = this.#broken ? undefined : await this.#file;
        await file?.write(bytes);
        if (file) this.#bytes += bytes.length;
      } catch (error) {
        this.#broken = true;
        this.#parts.log.error('a recording ends', { callId: this.#call.callId, error });
        void this.end();
      } finally {
        this.#waitingWrites -= 1;
      }
    });
  }
}
