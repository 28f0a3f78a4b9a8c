// Every vendor, one line each, and which of them a client's settings name. A vendor's file loads when a call first uses it.

import type { SpeechVendor } from './realtime/speech-to-speech.ts';
import type { LanguageModel, SpeechToText, TextToSpeech, Vendor } from './types.ts';

type Shelf<Service> = Readonly<Record<string, () => Promise<Vendor<Service>>>>;

export const speechToText = {
  deepgram: async () => (await import('./stt/deepgram.ts')).vendor,
  'deepgram-flux': async () => (await import('./stt/deepgram-flux.ts')).vendor,
  'openai-transcribe': async () => (await import('./stt/openai-transcribe.ts')).vendor,
} satisfies Shelf<SpeechToText>;

export const languageModel = {
  openai: async () => (await import('./llm/openai.ts')).vendor,
  // The same protocol at another address.
  'openai-second': async () => ({
    ...(await import('./llm/openai.ts')).vendor,
    keyName: 'OPENAI_SECOND_API_KEY',
  }),
} satisfies Shelf<LanguageModel>;

export const textToSpeech = {
  cartesia: async () => (await import('./tts/cartesia.ts')).vendor,
  elevenlabs: async () => (await import('./tts/elevenlabs.ts')).vendor,
  deepgram: async () => (await import('./tts/deepgram-aura.ts')).vendor,
  openai: async () => (await import('./tts/openai-voice.ts')).vendor,
} satisfies Shelf<TextToSpeech>;

export const speechToSpeech: Readonly<Record<'openai', () => Promise<SpeechVendor>>> = {
  openai: async () => (await import('./s2s/openai-realtime.ts')).vendor,
};

/** What a client may choose as `stt_model`, and whose it is. */
const sttModels: Readonly<Record<string, keyof typeof speechToText>> = {
  'nova-2-phonecall': 'deepgram',
  'nova-2': 'deepgram',
  'nova-3': 'deepgram',
  'flux-general-en': 'deepgram-flux',
  'flux-general-multi': 'deepgram-flux',
  'gpt-4o-mini-transcribe': 'openai-transcribe',
  'gpt-4o-transcribe': 'openai-transcribe',
};

/** What a client may choose as `tts_provider`, and what it gets where it chooses no more than that. */
const ttsProviders = {
  // A dated model, so that a voice does not change overnight. The voice is Cartesia's "Katie".
  cartesia: { model: 'sonic-3-2026-01-12', voice: 'f786b574-daa5-4673-aa0c-cbe3e8534c02' },
  // The fastest model. The voice is the premade "Sarah".
  elevenlabs: { model: 'eleven_flash_v2_5', voice: 'EXAVITQu4vr4xnSDxMaL' },
  // The voice's name is the model's name.
  deepgram: { model: 'aura-2', voice: 'aura-2-thalia-en' },
  openai: { model: 'gpt-4o-mini-tts', voice: 'coral' },
} satisfies Readonly<Record<keyof typeof textToSpeech, { model: string; voice: string }>>;

export type TtsProvider = keyof typeof ttsProviders;

export const STT_MODEL_DEFAULT = 'nova-2-phonecall';
export const LLM_MODEL_DEFAULT = 'openai/gpt-4o-mini';
export const TTS_PROVIDER_DEFAULT: TtsProvider = 'cartesia';

/** `provider/model`, or what a server of one's own calls its model. */
const llmModel = /^[\w.:@-]+(?:\/[\w.:@-]+)*$/;
const LLM_MODEL_LENGTH_MAX = 200;
/** Before the name of a model of the second server. */
export const SECOND_SERVER = 'second/';

/** Models that hear and speak themselves, chosen as `llm_model`. */
const realtimeModels = ['openai/gpt-realtime', 'openai/gpt-realtime-mini'] as const;
/** Their voice where the client names none of OpenAI's. */
const REALTIME_VOICE = 'marin';
/** Voices of OpenAI's that such a model refuses, and its whole session with them. */
const voicesOfTextOnly: ReadonlySet<string> = new Set(['fable', 'nova', 'onyx']);

/** What a form may offer. */
export const vendorChoices = {
  sttModels: Object.keys(sttModels),
  ttsProviders: Object.keys(ttsProviders) as readonly TtsProvider[],
  /** The usual ones; any `provider/model` of the configured server may be named. */
  llmModels: [
    'openai/gpt-4o-mini',
    'openai/gpt-4o',
    'openai/gpt-4.1-mini',
    'openai/gpt-4.1',
    ...realtimeModels,
  ],
  /** Taken where a client names a provider only. */
  ttsDefaults: ttsProviders,
} as const;

export interface Choice<Name extends string> {
  /** On the shelf. */
  readonly vendor: Name;
  readonly model: string;
  /** Empty where the service has no voice. */
  readonly voice: string;
}

/** Undefined when nobody has this model. */
export function findSpeechToText(sttModel: string): Choice<keyof typeof speechToText> | undefined {
  const vendor = Object.hasOwn(sttModels, sttModel) ? sttModels[sttModel] : undefined;
  return vendor && { vendor, model: sttModel, voice: '' };
}

/** The model that takes the place of all three services; undefined when the client has chosen parts. */
export function findSpeechToSpeech(
  llmModel: string,
  ttsProvider: string,
  ttsVoiceId: string,
): Choice<keyof typeof speechToSpeech> | undefined {
  if (!realtimeModels.some((model) => model === llmModel)) return undefined;
  const speaks = ttsProvider === 'openai' && !voicesOfTextOnly.has(ttsVoiceId);
  const voice = (speaks && ttsVoiceId) || REALTIME_VOICE;
  return { vendor: 'openai', model: llmModel, voice };
}

/** Undefined when it cannot be a model's name. Whether the server has it shows when it is asked. */
export function findLanguageModel(model: string): Choice<keyof typeof languageModel> | undefined {
  if (model.length > LLM_MODEL_LENGTH_MAX || !llmModel.test(model)) return undefined;
  if (!model.startsWith(SECOND_SERVER)) return { vendor: 'openai', model, voice: '' };
  return { vendor: 'openai-second', model: model.slice(SECOND_SERVER.length), voice: '' };
}

/** An empty model or voice means the provider's default. Undefined when there is no such provider. */
export function findTextToSpeech(
  ttsProvider: string,
  ttsModel: string,
  ttsVoiceId: string,
): Choice<TtsProvider> | undefined {
  if (!Object.hasOwn(ttsProviders, ttsProvider)) return undefined;
  const vendor = ttsProvider as TtsProvider;
  const usual = ttsProviders[vendor];
  return { vendor, model: ttsModel || usual.model, voice: ttsVoiceId || usual.voice };
}
