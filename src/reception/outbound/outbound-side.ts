// How a call differs when we are the ones who call: what is said first, and what machines are told.

import { machineSpeechOf } from '../../pipeline/machines/machine-speech.ts';
import type { AdmittedCall } from '../calls/admit.ts';
import { outboundGreeting, screeningAnswer, voicemailText } from './outbound-texts.ts';
import type { Calling } from './outbound-texts.ts';
import { recordingNotice } from '../stored-speech/recording-notice.ts';

export interface OutboundSide {
  readonly greeting: string;
  /** What it is about, for the model. */
  readonly text: string;
  machineAnswer(text: string): { readonly say: string; readonly leaves: boolean } | undefined;
}

/** Undefined for calls that others make. */
export function outboundSide({
  outbound,
  client,
}: Pick<AdmittedCall, 'outbound' | 'client'>): OutboundSide | undefined {
  if (!outbound) return undefined;
  const { text } = outbound;
  const calling: Calling = {
    businessName: client.name,
    ownNumber: client.phoneNumber,
    language: client.language,
    disclosure: client.disclosure,
    text,
    voicemailText: outbound.voicemailText,
  };
  return {
    text,
    greeting: [recordingNotice(client), outboundGreeting(calling)]
      .filter((part) => part !== '')
      .join(' '),
    machineAnswer(heard) {
      switch (machineSpeechOf(heard)) {
        case 'screening':
          return { say: screeningAnswer(calling), leaves: false };
        case 'voicemail':
          return { say: voicemailText(calling), leaves: true };
        case undefined:
          return undefined;
      }
    },
  };
}
