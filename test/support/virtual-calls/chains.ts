// Vendors as a call has them: behind the chain that opens them again and lets others take over.

import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { Circuits } from '../../../src/pipeline/fallback/circuit.ts';
import type { ServiceName } from '../../../src/pipeline/fallback/circuit.ts';
import { openHearing } from '../../../src/pipeline/fallback/fallback-hearing.ts';
import type { ChainParts, Member } from '../../../src/pipeline/fallback/fallback.ts';
import type { SpeechToText, Vendor, VendorSettings } from '../../../src/pipeline/types.ts';

export interface TestChain extends ChainParts, Disposable {
  readonly circuits: Circuits;
}

/** What calls share, and one call's signal, which ends with it. */
export function testChain(clock: Clock = systemClock): TestChain {
  const call = new AbortController();
  const circuits = new Circuits({ clock, log: quietLog });
  return {
    clock,
    log: quietLog,
    circuits,
    signal: call.signal,
    [Symbol.dispose]() {
      call.abort(new Error('the test is over'));
      circuits[Symbol.dispose]();
    },
  };
}

/** A vendor in a chain. */
function memberOf<Service>(
  { clock, circuits }: TestChain,
  service: ServiceName,
  name: string,
  { vendor, settings }: { vendor: Vendor<Service>; settings: VendorSettings },
): Member<Service> {
  return {
    name,
    pricedAs: settings.model,
    circuit: circuits.of({ service, vendor: name, key: settings.key }),
    open: (signal) => vendor.open(settings, { clock, log: quietLog }, signal),
  };
}

/** One recogniser alone: what is lost of it is opened again. */
export async function hearingAlone(
  name: string,
  vendor: Vendor<SpeechToText>,
  settings: VendorSettings,
  clock: Clock = systemClock,
): Promise<SpeechToText & Disposable> {
  const chain = testChain(clock);
  try {
    const hearing = await openHearing(
      [memberOf(chain, 'hearing', name, { vendor, settings })],
      chain,
    );
    return {
      get endpointing() {
        return hearing.endpointing;
      },
      transcribe: (audio, options) => hearing.transcribe(audio, options),
      [Symbol.dispose]() {
        hearing[Symbol.dispose]();
        chain[Symbol.dispose]();
      },
    };
  } catch (error) {
    chain[Symbol.dispose]();
    throw error;
  }
}
