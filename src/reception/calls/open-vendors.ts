// A client's vendors for one call: opened while the carrier is still connecting, kept until the stream claims them.

import { Scope } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { CallVendors } from '../../pipeline/call-parts.ts';
import type { SpeechToSpeech } from '../../pipeline/realtime/speech-to-speech.ts';
import { findSpeechToSpeech } from '../../pipeline/vendors.ts';
import type { LanguageModel, SpeechToText, TextToSpeech } from '../../pipeline/types.ts';
import type { Client } from '../../store/clients/clients.ts';

/** Calls whose vendors wait for their stream, and for how long. */
const WARM_MAX = 20;
const WARM_MS = 10_000;

type Opened<Service> = Promise<Service & Disposable>;

/** Opens one service as the client has chosen it: what fails later is replaced by what takes over from it. */
export interface VendorDoor {
  openHearing(client: Client, signal: AbortSignal): Opened<SpeechToText>;
  openThinking(client: Client, signal: AbortSignal): Opened<LanguageModel>;
  openSpeaking(client: Client, signal: AbortSignal): Opened<TextToSpeech>;
  /** Where the client has chosen a model that hears and speaks itself. */
  openConversing(client: Client, signal: AbortSignal): Opened<SpeechToSpeech>;
  /** The client's own voice and no other: for speech that is kept. */
  openVoice(client: Client, signal: AbortSignal): Opened<TextToSpeech>;
}

/** Disposing closes what was opened and stops what is opening. */
export interface OpenVendors extends Disposable {
  /** Opened ahead, unless a model that hears and speaks is: then when they are first asked for. */
  parts(): CallVendors;
  /** The client's voice alone, opened when it is first asked for. */
  voice(): Opened<TextToSpeech>;
  /** Undefined where the client has chosen parts. */
  readonly model: Opened<SpeechToSpeech> | undefined;
}

/** Begins to open what the call needs; each is a promise of its own, so that nothing waits for what it does not need. */
export function openVendors(door: VendorDoor, client: Client): OpenVendors {
  const scope = new Scope(new AbortController().signal);
  const { signal } = scope;
  const opened: Opened<unknown>[] = [];
  const open = <Service>(service: Opened<Service>): Opened<Service> => {
    // Whoever needs it hears of the failure; whoever does not must not end the process.
    service.catch(() => {});
    opened.push(service);
    return service;
  };
  const { llmModel, ttsProvider, ttsVoiceId } = client;
  const conversing = findSpeechToSpeech(llmModel, ttsProvider, ttsVoiceId);
  let vendors: CallVendors | undefined;
  let speaking: Opened<TextToSpeech> | undefined;
  const voice = () => (speaking ??= open(door.openSpeaking(client, signal)));
  const parts = () =>
    (vendors ??= {
      speechToText: open(door.openHearing(client, signal)),
      languageModel: open(door.openThinking(client, signal)),
      textToSpeech: voice(),
    });
  const model = conversing && open(door.openConversing(client, signal));
  if (!model) parts();
  return {
    parts,
    voice,
    model,
    [Symbol.dispose]() {
      scope.abort(new Error('the call is over'));
      for (const service of opened) {
        service.then(
          (each) => each[Symbol.dispose](),
          () => {},
        );
      }
    },
  };
}

interface Warm {
  readonly vendors: OpenVendors;
  readonly timer: Disposable;
}

export interface WarmVendorsParts {
  readonly door: VendorDoor;
  readonly clock: Clock;
  readonly log: Log;
}

/** Vendors of calls that ring, by the carrier's name for the call. */
export class WarmVendors implements Disposable {
  readonly #parts: WarmVendorsParts;
  readonly #warm = new Map<string, Warm>();

  constructor(parts: WarmVendorsParts) {
    this.#parts = parts;
  }

  /** Opens vendors ahead of the stream, unless enough wait already. */
  warm(callSid: string, client: Client): void {
    if (this.#warm.size >= WARM_MAX || this.#warm.has(callSid)) return;
    const timer = this.#parts.clock.after(WARM_MS, () => this.#drop(callSid));
    this.#warm.set(callSid, { vendors: openVendors(this.#parts.door, client), timer });
  }

  /** The vendors of this call: the warm ones, or new ones. The caller disposes them. */
  claim(callSid: string, client: Client): OpenVendors {
    const warm = this.#warm.get(callSid);
    if (!warm) return openVendors(this.#parts.door, client);
    this.#warm.delete(callSid);
    warm.timer[Symbol.dispose]();
    return warm.vendors;
  }

  [Symbol.dispose](): void {
    for (const callSid of this.#warm.keys()) this.#drop(callSid);
  }

  #drop(callSid: string): void {
    const warm = this.#warm.get(callSid);
    if (!warm) return;
    this.#warm.delete(callSid);
    warm.timer[Symbol.dispose]();
    warm.vendors[Symbol.dispose]();
  }
}
