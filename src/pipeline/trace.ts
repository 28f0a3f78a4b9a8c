// The times, the usage and the tools of one turn while it runs, and the record they become.

import type { Clock } from '../lib/clock.ts';
import type {
  ModelUsage,
  Samples,
  Served,
  ToolResult,
  ToolRun,
  TurnTiming,
  TurnUsage,
} from './types.ts';
import type { EndpointTimes } from './hearing/caller-event.ts';

/** Samples louder than this are audible; the silence that voices begin with is not. */
const AUDIBLE = 200;

/** Where the caller's part of a turn ended; undefined for turns we begin ourselves. */
export interface CallerEnd {
  /** `clock.elapsed()` when the turn was found to be over. */
  readonly decidedMs: number;
  readonly times: EndpointTimes;
}

export class Trace {
  readonly #clock: Clock;
  readonly #callerEnd: CallerEnd | undefined;
  readonly #startedMs: number;
  #tokenMs: number | undefined;
  #textMs: number | undefined;
  #audioMs: number | undefined;
  #audibleMs: number | undefined;
  #silentSamples = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #wasted: ModelUsage | undefined;
  #characters = 0;
  readonly #served = new Map<string, Served>();
  #says: string[] = [];
  #toolsRunning = 0;
  readonly #tools: ToolRun[] = [];
  readonly #outcomes: NonNullable<ToolResult['outcome']>[] = [];
  readonly steps: number[] = [];

  constructor(clock: Clock, callerEnd: CallerEnd | undefined) {
    this.#clock = clock;
    this.#callerEnd = callerEnd;
    this.#startedMs = clock.elapsed();
  }

  beginStep(step: number): void {
    this.steps.push(step);
  }

  onToken(): void {
    this.#tokenMs ??= this.#clock.elapsed();
  }

  /** A piece of text goes to the voice. */
  onText(text: string): void {
    this.#textMs ??= this.#clock.elapsed();
    this.#characters += text.length;
  }

  /** Who says it, of those who could; a voice that failed without a sound gives its characters back. */
  readonly onGiven = (voice: string, characters: number): void =>
    this.#serve(voice, 'characters', characters);

  /** A piece of speech goes to the line, which is idle when the first one does. */
  onSpeech(samples: Samples, sampleRate: number): void {
    if (this.#audibleMs !== undefined) return;
    const now = this.#clock.elapsed();
    this.#audioMs ??= now;
    const loud = samples.findIndex((sample) => sample > AUDIBLE || sample < -AUDIBLE);
    if (loud < 0) {
      this.#silentSamples += samples.length;
      return;
    }
    const lead = ((this.#silentSamples + loud) / sampleRate) * 1000;
    this.#audibleMs = Math.max(now, this.#audioMs + lead);
  }

  addUsage(usage: ModelUsage | undefined): void {
    this.#inputTokens += usage?.inputTokens ?? 0;
    this.#outputTokens += usage?.outputTokens ?? 0;
    if (usage) this.#serveTokens(usage);
  }

  /** Tokens of replies that were begun and thrown away. */
  addWasted(usage: ModelUsage): void {
    const { inputTokens, outputTokens } = usage;
    if (inputTokens + outputTokens === 0) return;
    this.#serveTokens(usage);
    const before = this.#wasted;
    this.#wasted = {
      inputTokens: inputTokens + (before?.inputTokens ?? 0),
      outputTokens: outputTokens + (before?.outputTokens ?? 0),
    };
  }

  toolStarts(): void {
    this.#toolsRunning += 1;
  }

  toolEnds(): void {
    this.#toolsRunning -= 1;
  }

  get toolRunning(): boolean {
    return this.#toolsRunning > 0;
  }

  addTool(run: ToolRun, result: ToolResult): void {
    this.#tools.push(run);
    if (result.say !== undefined) this.#says.push(result.say);
    if (result.outcome !== undefined) this.#outcomes.push(result.outcome);
  }

  get saysPending(): number {
    return this.#says.length;
  }

  /** The sentences that tools want spoken word for word, once. */
  takeSays(): string[] {
    const says = this.#says;
    this.#says = [];
    return says;
  }

  get tools(): readonly ToolRun[] {
    return this.#tools;
  }

  /** What the tools of this turn did to the outcome of the call, in order. */
  get outcomes(): readonly NonNullable<ToolResult['outcome']>[] {
    return this.#outcomes;
  }

  get usage(): TurnUsage {
    return {
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      characters: this.#characters,
      ...(this.#wasted ? { wasted: this.#wasted } : {}),
      served: [...this.#served.values()].filter(({ quantity }) => quantity > 0),
    };
  }

  get timing(): TurnTiming {
    const end = this.#callerEnd;
    const decidedMs = end?.decidedMs ?? this.#startedMs;
    const endpointMs = end?.times.endpointMs;
    return {
      responseMs:
        endpointMs === undefined || this.#audibleMs === undefined
          ? undefined
          : endpointMs + this.#audibleMs - decidedMs,
      endpointMs,
      hearMs: end?.times.hearMs,
      thinkMs: span(decidedMs, this.#tokenMs),
      speakMs: span(this.#textMs, this.#audioMs),
      playMs: span(this.#audioMs, this.#audibleMs),
    };
  }

  #serveTokens({ model, inputTokens, outputTokens }: ModelUsage): void {
    if (model === undefined) return;
    this.#serve(model, 'input_tokens', inputTokens);
    this.#serve(model, 'output_tokens', outputTokens);
  }

  #serve(vendor: string, unit: Served['unit'], quantity: number): void {
    const id = `${unit} ${vendor}`;
    const before = this.#served.get(id)?.quantity ?? 0;
    this.#served.set(id, { vendor, unit, quantity: before + quantity });
  }

  /** Wall times of the caller's last voiced frame and of our first audible one. */
  wallTimes(): { callerAt: number | undefined; heardAt: number | undefined } {
    const offset = this.#clock.now() - this.#clock.elapsed();
    const end = this.#callerEnd;
    return {
      callerAt: end && offset + end.decidedMs - end.times.endpointMs,
      heardAt: this.#audibleMs === undefined ? undefined : offset + this.#audibleMs,
    };
  }
}

function span(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined ? undefined : Math.max(0, toMs - fromMs);
}
