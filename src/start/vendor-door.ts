// From a client's choices to open vendor sessions, with the keys and addresses of this process.

import type { VendorConfig } from '../config.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import {
  findLanguageModel,
  findSpeechToText,
  findTextToSpeech,
  languageModel,
  speechToText,
  textToSpeech,
} from '../pipeline/vendors.ts';
import type { Choice } from '../pipeline/vendors.ts';
import type { Vendor } from '../pipeline/types.ts';
import type { VendorDoor } from '../reception/open-vendors.ts';

export interface VendorDoorParts {
  readonly config: Readonly<
    Record<'deepgram' | 'openai' | 'cartesia' | 'elevenlabs', VendorConfig>
  >;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Loads the code of every vendor that has a key. Each takes up to 200 ms of the event loop: to be done before calls come.
 */
export async function loadVendors({ config }: Pick<VendorDoorParts, 'config'>): Promise<void> {
  if (config.deepgram.key) {
    await Promise.all(Object.values(speechToText).map((load) => load()));
  }
  if (config.openai.key) await languageModel.openai();
  if (config.cartesia.key) await textToSpeech.cartesia();
  if (config.elevenlabs.key) await textToSpeech.elevenlabs();
}

/** Rejects with `not_configured` for a vendor without a key or a name nobody has, `vendor_failed` for one that is away. */
export function vendorDoor({ config, clock, log }: VendorDoorParts): VendorDoor {
  return {
    async openHearing(client, signal) {
      const choice = chosen(findSpeechToText(client.sttModel), client.sttModel);
      return open(await speechToText[choice.vendor](), config.deepgram, choice, signal);
    },
    async openThinking(client, signal) {
      const choice = chosen(findLanguageModel(client.llmModel), client.llmModel);
      return open(await languageModel[choice.vendor](), config.openai, choice, signal);
    },
    async openSpeaking(client, signal) {
      const { ttsProvider, ttsModel, ttsVoiceId } = client;
      const choice = chosen(findTextToSpeech(ttsProvider, ttsModel, ttsVoiceId), ttsProvider);
      return open(await textToSpeech[choice.vendor](), config[choice.vendor], choice, signal);
    },
  };

  function open<Service>(
    vendor: Vendor<Service>,
    { url, key }: VendorConfig,
    { model, voice }: Choice<string>,
    signal: AbortSignal,
  ): Promise<Service & Disposable> {
    if (key === undefined) throw new AppError('not_configured', `${vendor.keyName} is not set`);
    signal.throwIfAborted();
    return vendor.open({ url, key, model, voice }, { clock, log }, signal);
  }
}

function chosen<Name extends string>(choice: Choice<Name> | undefined, name: string): Choice<Name> {
  if (choice) return choice;
  throw new AppError('not_configured', `nobody offers ${JSON.stringify(name)}`);
}
