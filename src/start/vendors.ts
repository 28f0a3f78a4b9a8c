// Vendors as this process uses them: their health, the door to their sessions, sessions that are warm before a call, stored speech.

import { Circuits } from '../pipeline/fallback/circuit.ts';
import type { HearRecording } from '../pipeline/whole-recording.ts';
import { WarmVendors } from '../reception/calls/open-vendors.ts';
import type { VendorDoor } from '../reception/calls/open-vendors.ts';
import { VoiceClips } from '../reception/stored-speech/voice-clips.ts';
import type { Foundation } from './foundation.ts';
import { recordingDoor } from './recording-door.ts';
import { vendorDoor } from './vendor-door.ts';

export interface Vendors {
  readonly circuits: Circuits;
  readonly door: VendorDoor;
  readonly transcribe: HearRecording;
  readonly warm: WarmVendors;
  readonly clips: VoiceClips;
}

export async function openVendors(
  parts: Pick<Foundation, 'config' | 'general' | 'clock' | 'log'>,
): Promise<Vendors> {
  const { config, general, clock, log } = parts;
  const circuits = new Circuits({ clock, log });
  const door = vendorDoor({ config, clock, log, circuits });
  return {
    circuits,
    door,
    transcribe: recordingDoor({ config, clock, log }),
    warm: new WarmVendors({ door, clock, log }),
    clips: await VoiceClips.open({
      sql: general,
      clock,
      log,
      directory: new URL('../../assets/clips/', import.meta.url),
      openVoice: (client, signal) => door.openVoice(client, signal),
    }),
  };
}
