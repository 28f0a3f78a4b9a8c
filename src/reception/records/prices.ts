// What vendors charge us, by list prices with the day from which they hold, and what a turn has cost.

import { findSpeechToSpeech, LLM_MODEL_DEFAULT } from '../../pipeline/vendors.ts';
import type { Served, TurnUsage } from '../../pipeline/types.ts';
import type { Cost, CostUnit } from '../../store/money/costs.ts';

/** Millionths of a US dollar. */
interface Price {
  /** ISO date. */
  readonly from: string;
  /** What `model` begins with; the longest that fits decides. */
  readonly model: string;
  /** For a million tokens in and out. */
  readonly input?: number;
  readonly output?: number;
  /** For a million characters. */
  readonly characters?: number;
  /** For an hour of audio. */
  readonly hour?: number;
}

const DOLLAR = 1_000_000;

/** What a model that hears itself has its transcripts made by. */
const TRANSCRIPT_MODEL = 'gpt-4o-mini-transcribe';
/** Its name among the prices. */
const CARRIER = 'twilio';

/** Pay-as-you-go list prices as published by mid 2026. A contract may say otherwise: then its prices belong here. */
const prices: readonly Price[] = [
  { from: '2026-01-01', model: 'openai/gpt-4o-mini', input: 0.15 * DOLLAR, output: 0.6 * DOLLAR },
  { from: '2026-01-01', model: 'openai/gpt-4o', input: 2.5 * DOLLAR, output: 10 * DOLLAR },
  { from: '2026-01-01', model: 'openai/gpt-4.1-mini', input: 0.4 * DOLLAR, output: 1.6 * DOLLAR },
  // Nearly all of what they hear and say are tokens of sound: their price is taken for all.
  { from: '2026-01-01', model: 'openai/gpt-realtime', input: 32 * DOLLAR, output: 64 * DOLLAR },
  {
    from: '2026-01-01',
    model: 'openai/gpt-realtime-mini',
    input: 10 * DOLLAR,
    output: 20 * DOLLAR,
  },
  { from: '2026-01-01', model: 'openai/gpt-4.1', input: 2 * DOLLAR, output: 8 * DOLLAR },
  // 0.85 cents a minute for a call that comes in, 0.4 for its media stream.
  { from: '2026-01-01', model: CARRIER, hour: 0.75 * DOLLAR },
  { from: '2026-01-01', model: 'nova-2', hour: 0.348 * DOLLAR },
  { from: '2026-01-01', model: 'nova-3', hour: 0.462 * DOLLAR },
  { from: '2026-01-01', model: 'flux-general', hour: 0.462 * DOLLAR },
  { from: '2026-01-01', model: 'gpt-4o-transcribe', hour: 0.36 * DOLLAR },
  { from: '2026-01-01', model: 'gpt-4o-mini-transcribe', hour: 0.18 * DOLLAR },
  { from: '2026-01-01', model: 'cartesia', characters: 38 * DOLLAR },
  { from: '2026-01-01', model: 'elevenlabs', characters: 100 * DOLLAR },
  { from: '2026-01-01', model: 'deepgram', characters: 30 * DOLLAR },
  // Charged by the minute of speech, some 1.5 cents: a minute has some 900 characters.
  { from: '2026-01-01', model: 'openai', characters: 16.7 * DOLLAR },
];

export interface PricedChoice {
  readonly llmModel: string;
  readonly sttModel: string;
  readonly ttsProvider: string;
}

/**
 * What a turn has cost: its tokens, those that were wasted on it, its characters, and the hearing since the turn before
 * (`heardMs`), each by the price of its day, to whoever served. Where nobody is known to have, it was the model that is
 * known for the rest, or else the client's choice. Models without a price cost nothing, and are counted. `atMs` is wall time.
 */
export function costsOfTurn(
  usage: TurnUsage,
  heardMs: number,
  choice: PricedChoice,
  atMs: number,
): Cost[] {
  const { llmModel, sttModel, ttsProvider } = usedOf(choice, heardMs);
  const { served, wasted } = usage;
  const inputTokens = usage.inputTokens + (wasted?.inputTokens ?? 0);
  const outputTokens = usage.outputTokens + (wasted?.outputTokens ?? 0);
  // What no voice was given costs nothing.
  const characters = served ? 0 : usage.characters;
  return [
    ...sharesOf('input_tokens', inputTokens, llmModel, served),
    ...sharesOf('output_tokens', outputTokens, llmModel, served),
    ...sharesOf('characters', characters, ttsProvider, served),
    ...sharesOf('milliseconds', heardMs, sttModel, served),
  ].map((share) => ({ ...share, microdollars: Math.round(share.quantity * eachOf(share, atMs)) }));
}

/** Who is paid for how much of `total`. */
function sharesOf(
  unit: CostUnit,
  total: number,
  chosen: string,
  served: readonly Served[] = [],
): Served[] {
  const known = served.filter((each) => each.unit === unit);
  const rest = total - known.reduce((sum, { quantity }) => sum + quantity, 0);
  const shares = new Map<string, number>();
  const add = (vendor: string, quantity: number) =>
    shares.set(vendor, (shares.get(vendor) ?? 0) + quantity);
  for (const { vendor, quantity } of known) add(vendor, quantity);
  if (rest > 0) add(known.at(-1)?.vendor ?? chosen, rest);
  return [...shares]
    .map(([vendor, quantity]) => ({ vendor, unit, quantity: Math.round(quantity) }))
    .filter(({ vendor, quantity }) => vendor !== '' && quantity > 0);
}

/** The price of one. */
function eachOf({ vendor, unit }: Served, atMs: number): number {
  const price = priceOf(vendor, atMs);
  if (unit === 'milliseconds') return (price?.hour ?? 0) / 3_600_000;
  const million = {
    input_tokens: price?.input,
    output_tokens: price?.output,
    characters: price?.characters,
  };
  return (million[unit] ?? 0) / 1e6;
}

/** A model that hears and speaks needs no voice, and a recogniser for the transcript only; in writing another answers. */
function usedOf(choice: PricedChoice, heardMs: number): PricedChoice {
  if (!findSpeechToSpeech(choice.llmModel, '', '')) return choice;
  if (heardMs === 0) return { ...choice, llmModel: LLM_MODEL_DEFAULT };
  return { ...choice, sttModel: TRANSCRIPT_MODEL, ttsProvider: '' };
}

/** The same in one sum, in millionths of a dollar. */
export function costOfTurn(
  usage: TurnUsage,
  heardMs: number,
  choice: PricedChoice,
  atMs: number,
): number {
  return totalOf(costsOfTurn(usage, heardMs, choice, atMs));
}

export function totalOf(costs: readonly Cost[]): number {
  return costs.reduce((sum, { microdollars }) => sum + microdollars, 0);
}

/** What the carrier charges for a telephone call of these seconds. */
export function costOfLine(seconds: number, atMs: number): Cost {
  const each = (priceOf(CARRIER, atMs)?.hour ?? 0) / 3600;
  const microdollars = Math.round(seconds * each);
  return { vendor: CARRIER, unit: 'milliseconds', quantity: seconds * 1000, microdollars };
}

function priceOf(model: string, atMs: number): Price | undefined {
  const day = new Date(atMs).toISOString().slice(0, 10);
  let best: Price | undefined;
  for (const price of prices) {
    if (!model.startsWith(price.model) || price.from > day) continue;
    const longer = price.model.length - (best?.model.length ?? 0);
    if (longer > 0 || (longer === 0 && price.from >= (best?.from ?? ''))) best = price;
  }
  return best;
}
