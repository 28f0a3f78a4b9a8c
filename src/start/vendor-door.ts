// From a client's choices to open vendor sessions, with the keys and addresses of this process.

import type { Config, VendorConfig } from '../config.ts';
import type { Clock } from '../lib/clock.ts';
import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Circuit, Circuits, Probe, ServiceName } from '../pipeline/fallback/circuit.ts';
import { openHearing } from '../pipeline/fallback/fallback-hearing.ts';
import { openSpeaking } from '../pipeline/fallback/fallback-speaking.ts';
import { openThinking } from '../pipeline/fallback/fallback-thinking.ts';
import type { Member } from '../pipeline/fallback/fallback.ts';
import {
  hearingChoices,
  speakingChoices,
  thinkingChoices,
} from '../pipeline/fallback/vendor-chains.ts';
import type { Choices, OwnModels } from '../pipeline/fallback/vendor-chains.ts';
import { keytermsOf } from '../pipeline/keyterms.ts';
import type { Named } from '../pipeline/keyterms.ts';
import type { SpeechEvent, SpeechToSpeech } from '../pipeline/realtime/speech-to-speech.ts';
import {
  findSpeechToSpeech,
  languageModel,
  SECOND_SERVER,
  speechToSpeech,
  speechToText,
  textToSpeech,
} from '../pipeline/vendors.ts';
import type { Choice } from '../pipeline/vendors.ts';
import type { Vendor } from '../pipeline/types.ts';
import type { VendorDoor } from '../reception/calls/open-vendors.ts';

type ConfigName = 'deepgram' | 'openai' | 'openaiSecond' | 'cartesia' | 'elevenlabs';

export interface VendorDoorParts {
  readonly config: Pick<Config, 'deepgram' | 'cartesia' | 'elevenlabs'> & {
    /** `model`: what this server has beyond the usual ones. */
    readonly openai: VendorConfig & { readonly model?: string | undefined };
    readonly openaiSecond?: Config['openaiSecond'];
  };
  readonly clock: Clock;
  readonly log: Log;
  /** What this process knows of its vendors. */
  readonly circuits: Circuits;
}

type Shelf<Service> = Readonly<Record<string, () => Promise<Vendor<Service>>>>;

/** Whose key and address a vendor on the shelf uses. */
const configOf: Readonly<Record<string, ConfigName>> = {
  deepgram: 'deepgram',
  'deepgram-flux': 'deepgram',
  openai: 'openai',
  'openai-second': 'openaiSecond',
  'openai-transcribe': 'openai',
  cartesia: 'cartesia',
  elevenlabs: 'elevenlabs',
};

/**
 * Loads the code of every vendor that has a key. Each takes up to 200 ms of the event loop: to be done before calls come.
 */
export async function loadVendors({ config }: Pick<VendorDoorParts, 'config'>): Promise<void> {
  const shelves = [speechToText, languageModel, textToSpeech] as Shelf<unknown>[];
  const loads = shelves.flatMap((shelf) => Object.entries(shelf));
  const keyed = loads.filter(([name]) => config[configOf[name]!]?.key !== undefined);
  await Promise.all(keyed.map(([, load]) => load()));
}

/**
 * Each service is open when one of the client's vendors is. Rejects with `not_configured` for a name nobody has, or when
 * none has a key; with `vendor_failed` when all are away.
 */
export function vendorDoor(parts: VendorDoorParts): VendorDoor {
  const { config, clock, log, circuits } = parts;
  return {
    async openHearing(client, signal) {
      const choices = chosen(hearingChoices(client), client.sttModel);
      return openHearing(membersOf('hearing', speechToText, choices, client), chain(signal));
    },
    async openThinking(client, signal) {
      const choices = chosen(thinkingChoices(client, ownModels(config)), client.llmModel);
      return openThinking(membersOf('thinking', languageModel, choices, client), chain(signal));
    },
    async openSpeaking(client, signal) {
      const choices = chosen(speakingChoices(client), client.ttsProvider);
      return openSpeaking(membersOf('speaking', textToSpeech, choices, client), chain(signal));
    },
    async openConversing(client, signal) {
      const { llmModel, ttsProvider, ttsVoiceId, language } = client;
      const choice = findSpeechToSpeech(llmModel, ttsProvider, ttsVoiceId);
      const { url, key } = config.openai;
      if (!choice || key === undefined) throw new AppError('not_configured', 'no realtime model');
      const { model, voice } = choice;
      const circuit = circuits.of({ service: 'conversing', vendor: model, key });
      if (!circuit.allows(signal)) throw new AppError('vendor_failed', `${model}: left alone`);
      const vendor = await speechToSpeech[choice.vendor]();
      const settings = { url, key, model, voice, language, keyterms: keytermsOf(client) };
      const probe: Probe = async (probeSignal) => {
        (await vendor.open(settings, { clock, log }, probeSignal))[Symbol.dispose]();
      };
      try {
        return watched(await vendor.open(settings, { clock, log }, signal), circuit, probe);
      } catch (error) {
        if (!signal.aborted) circuit.failed(error, probe);
        throw error;
      }
    },
    async openVoice(client, signal) {
      const [first] = chosen(speakingChoices(client), client.ttsProvider);
      return openSpeaking(membersOf('speaking', textToSpeech, [first!], client), chain(signal));
    },
  };

  function chain(signal: AbortSignal) {
    signal.throwIfAborted();
    return { clock, log, signal };
  }

  /** Those that have a key, in order. */
  function membersOf<Service>(
    service: ServiceName,
    shelf: Shelf<Service>,
    choices: readonly Choice<string>[],
    { language, ...named }: Named & { readonly language: string },
  ): readonly Member<Service>[] {
    const keyterms = service === 'hearing' ? keytermsOf(named) : [];
    const members = choices.flatMap((choice): Member<Service>[] => {
      const { vendor: name, model, voice } = choice;
      const { url, key } = config[configOf[name]!] ?? {};
      if (url === undefined || key === undefined) return [];
      // A server may have one model and not another.
      const vendor = service === 'thinking' ? `${name} ${model}` : name;
      return [
        {
          name: vendor,
          pricedAs: pricedAs(service, choice),
          circuit: circuits.of({ service, vendor, key }),
          async open(signal) {
            const loaded = await shelf[name]!();
            return loaded.open(
              { url, key, model, voice, language, keyterms },
              { clock, log },
              signal,
            );
          },
        },
      ];
    });
    if (members.length > 0) return members;
    throw new AppError('not_configured', `${keyOf(configOf[choices[0]!.vendor]!)} is not set`);
  }
}

/** By the names that clients use. */
export function ownModels({ openai, openaiSecond }: VendorDoorParts['config']): OwnModels {
  return { own: openai.model, second: openaiSecond && `${SECOND_SERVER}${openaiSecond.model}` };
}

/** Voices have the price of whose they are; models their own, by the name clients use. */
function pricedAs(service: ServiceName, { vendor, model }: Choice<string>): string {
  if (service === 'speaking') return vendor;
  return vendor === 'openai-second' ? `${SECOND_SERVER}${model}` : model;
}

/** The setting, by its name. */
function keyOf(vendor: ConfigName): string {
  return vendor === 'openaiSecond' ? 'OPENAI_SECOND_API_KEY' : `${vendor.toUpperCase()}_API_KEY`;
}

/** The same model; what becomes of its conversation is known to the other calls. */
function watched(
  model: SpeechToSpeech & Disposable,
  circuit: Circuit,
  probe: Probe,
): SpeechToSpeech & Disposable {
  return {
    begin: (session) => model.begin(session),
    events: events(),
    hear: (samples) => model.hear(samples),
    respond: () => model.respond(),
    tell: (text) => model.tell(text),
    result: (callId, text) => model.result(callId, text),
    cut: (item, heardMs) => model.cut(item, heardMs),
    cancel: () => model.cancel(),
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };

  async function* events(): AsyncGenerator<SpeechEvent> {
    try {
      for await (const event of model.events) {
        if (event.type === 'done') circuit.succeeded();
        yield event;
      }
    } catch (error) {
      if (error instanceof AppError) circuit.failed(error, probe);
      throw error;
    }
  }
}

function chosen<One>(choices: Choices<One>, name: string): readonly One[] {
  const [first, ...others] = choices;
  if (first) return [first, ...others];
  throw new AppError('not_configured', `nobody offers ${JSON.stringify(name)}`);
}
