// Who takes over from whom: a client's first choice of each service, then those it names, or else sensible ones.

import {
  findLanguageModel,
  findSpeechToSpeech,
  findSpeechToText,
  findTextToSpeech,
  languageModel,
  LLM_MODEL_DEFAULT,
  SECOND_SERVER,
  speechToText,
  textToSpeech,
  vendorChoices,
} from '../vendors.ts';
import type { Choice } from '../vendors.ts';

/** The names a client sets. Null: those that suit. Empty: nobody takes over. */
export type Fallbacks = readonly string[] | null;

export interface HearingWish {
  readonly sttModel: string;
  readonly sttFallbacks: Fallbacks;
  /** BCP 47 */
  readonly language: string;
}

export interface ThinkingWish {
  readonly llmModel: string;
  readonly llmFallbacks: Fallbacks;
}

export interface SpeakingWish {
  readonly ttsProvider: string;
  readonly ttsModel: string;
  readonly ttsVoiceId: string;
  readonly ttsFallbacks: Fallbacks;
  /** BCP 47 */
  readonly language: string;
}

export type HearingChoice = Choice<keyof typeof speechToText>;
export type ThinkingChoice = Choice<keyof typeof languageModel>;
export type SpeakingChoice = Choice<keyof typeof textToSpeech>;

/** In the order of preference; the first is undefined when nobody offers it. */
export type Choices<One> = readonly [One | undefined, ...One[]];

export function hearingChoices(wish: HearingWish): Choices<HearingChoice> {
  const english = languageOf(wish.language) === 'en';
  const flux = english ? 'flux-general-en' : 'flux-general-multi';
  const usual = ['nova-3', flux, 'gpt-4o-mini-transcribe'];
  const first = findSpeechToText(wish.sttModel);
  const others = (wish.sttFallbacks ?? usual).map(findSpeechToText);
  // Another model of the same service is no help when that service is away; of those not named, one a service is enough.
  return chain(first, others, wish.sttFallbacks ? byModel : byVendor);
}

/** What there is beyond the usual models, by the names that clients use. */
export interface OwnModels {
  /** Of the configured server. */
  readonly own?: string | undefined;
  /** Of the second server. */
  readonly second?: string | undefined;
}

export function thinkingChoices(
  wish: ThinkingWish,
  { own, second }: OwnModels,
): Choices<ThinkingChoice> {
  const known = own === undefined ? vendorChoices.llmModels.slice(0, 3) : [own];
  // Another model of the same server is no help when that server is away.
  const away = second !== undefined && !wish.llmModel.startsWith(SECOND_SERVER);
  const usual = away ? [second] : known;
  // A model that hears and speaks is none that writes: in writing, and where it fails, the usual one stands in.
  const writes = !findSpeechToSpeech(wish.llmModel, '', '');
  const first = findLanguageModel(writes ? wish.llmModel : LLM_MODEL_DEFAULT);
  const others = (wish.llmFallbacks ?? usual).map(findLanguageModel);
  const choices = chain(first, others, byModel);
  return wish.llmFallbacks ? choices : [choices[0], ...choices.slice(1, 2).map((each) => each!)];
}

export function speakingChoices(wish: SpeakingWish): Choices<SpeakingChoice> {
  const { ttsProvider, ttsModel, ttsVoiceId, ttsFallbacks } = wish;
  const first = findTextToSpeech(ttsProvider, ttsModel, ttsVoiceId);
  const usual = vendorChoices.ttsProviders.map((name) =>
    name === 'deepgram' ? `${name}:${auraVoices[languageOf(wish.language)]}` : name,
  );
  const speaks = (name: string) => name !== 'deepgram:undefined';
  const others = (ttsFallbacks ?? usual.filter(speaks)).map(findFallbackVoice);
  return chain(first, others, ttsFallbacks ? byVoice : byVendor);
}

/** A fallback voice by its name: `provider`, or `provider:voice`. Undefined when there is no such provider. */
export function findFallbackVoice(name: string): SpeakingChoice | undefined {
  const [provider = '', voice = ''] = name.split(/:(.*)/s, 2);
  return findTextToSpeech(provider, '', voice);
}

function chain<One extends Choice<string>>(
  first: One | undefined,
  others: readonly (One | undefined)[],
  identity: (choice: One) => string,
): Choices<One> {
  const seen = new Set(first ? [identity(first)] : []);
  const rest: One[] = [];
  for (const other of others) {
    if (!other || seen.has(identity(other))) continue;
    seen.add(identity(other));
    rest.push(other);
  }
  return [first, ...rest];
}

const byVendor = ({ vendor }: Choice<string>) => vendor;
const byModel = ({ vendor, model }: Choice<string>) => `${vendor} ${model}`;
const byVoice = ({ vendor, voice }: Choice<string>) => `${vendor} ${voice}`;

/** Deepgram's voices speak one language each. */
const auraVoices: Readonly<Record<string, string>> = {
  en: 'aura-2-thalia-en',
  es: 'aura-2-celeste-es',
};

function languageOf(tag: string): string {
  return tag.toLowerCase().split('-')[0]!;
}
