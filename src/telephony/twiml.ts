// The answers Twilio understands: connect a call to us, refuse it politely, hand it over.

// The package's own file for this: importing the whole package costs 130 ms and 38 MB, this one 15 ms and 9 MB.
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { nobodySentence, refusalSentence } from './carrier-sentences.ts';
import type { CarrierSentence, Refusal, Whom } from './carrier-sentences.ts';
import { formatCallerSegment } from './phone-number.ts';

/** Seconds a number rings before the caller is told that nobody is there. */
const RING_SECONDS = 25;

/** How long a called person may think after the announcement. */
const KEY_SECONDS = 6;

/** Between two tries to find a process that takes a call over. */
const ASK_AGAIN_SECONDS = 2;

/** What a caller hears from the carrier when we cannot speak ourselves, and who might. */
export interface Farewell extends CarrierSentence {
  /** E.164: dialled after the sentence; without it the call ends. */
  readonly fallbackNumber?: string | undefined;
  /** Told what comes of that. */
  readonly fallbackStatusUrl?: string | undefined;
  /** E.164: shown to them in place of a number that the caller withholds. It must be the number that was called. */
  readonly callerId?: string | undefined;
}

export interface ConnectOptions {
  readonly streamUrl: string;
  /** Single use; comes back in the stream's `start`. */
  readonly token: string;
  readonly statusCallbackUrl?: string | undefined;
  /** Only for a socket that died: our own endings tell the carrier first. */
  readonly farewell: Farewell;
}

/**
 * Connects the call to our media stream. No `action`: the verbs after `Connect` run when the stream breaks.
 * Wire: Twilio "TwiML Voice: Stream".
 */
export function connectTwiml(options: ConnectOptions): string {
  const { streamUrl, token, statusCallbackUrl, farewell } = options;
  const response = new VoiceResponse();
  const stream = response.connect().stream({
    url: clean(streamUrl),
    ...(statusCallbackUrl === undefined
      ? {}
      : { statusCallback: clean(statusCallbackUrl), statusCallbackMethod: 'POST' }),
  });
  stream.parameter({ name: 'token', value: clean(token) });
  return finish(response, farewell);
}

/** Answers, says why in general terms, and dials the fallback number where there is one. */
export function refusalTwiml(
  refusal: Refusal,
  {
    fallbackNumber,
    fallbackStatusUrl,
    callerId,
    ...whom
  }: Whom & Pick<Farewell, 'fallbackNumber' | 'fallbackStatusUrl' | 'callerId'>,
): string {
  const sentence = refusalSentence(refusal, whom, fallbackNumber !== undefined);
  return finish(new VoiceResponse(), { ...sentence, fallbackNumber, fallbackStatusUrl, callerId });
}

export interface TransferOptions {
  /** E.164, from the owner's settings. */
  readonly phoneNumber: string;
  /** Asked how it went. */
  readonly actionUrl: string;
  /** Asked what the person is to hear before the caller is connected: answer with `whisperTwiml`. */
  readonly announceUrl?: string | undefined;
  /** Told when the person answers, and when their leg ends. */
  readonly statusUrl?: string | undefined;
  /** And before that, when their number is dialled. */
  readonly fromTheStart?: boolean;
}

/** Hands the caller over. Wire: Twilio "TwiML Voice: Dial". */
export function transferTwiml(options: TransferOptions): string {
  const { phoneNumber, actionUrl, announceUrl, statusUrl, fromTheStart = false } = options;
  const response = new VoiceResponse();
  const attributes = { action: clean(actionUrl), method: 'POST' };
  dial(response, phoneNumber, attributes, {
    ...(announceUrl !== undefined && { url: clean(announceUrl) }),
    ...(statusUrl !== undefined && toldOf(statusUrl, fromTheStart)),
  });
  return response.toString();
}

export interface WhisperOptions {
  readonly announcement: string;
  readonly choice: string;
  /** BCP 47 */
  readonly language: string;
  /** Gets the key that was pressed. */
  readonly keyUrl: string;
}

/** Tells a called person who is calling, twice, and waits for a key; without one the caller is not connected. */
export function whisperTwiml({ announcement, choice, language, keyUrl }: WhisperOptions): string {
  const response = new VoiceResponse();
  const gather = response.gather({
    action: clean(keyUrl),
    method: 'POST',
    numDigits: 1,
    timeout: KEY_SECONDS,
  });
  const attributes = { language: clean(language) } as VoiceResponse.SayAttributes;
  for (const sentence of [announcement, choice, announcement, choice]) {
    gather.say(attributes, clean(sentence));
  }
  response.hangup();
  return response.toString();
}

/** Nothing more to do on this leg: the carrier connects it. */
export function goOnTwiml(): string {
  return new VoiceResponse().toString();
}

/** Has the carrier press `keys`, if any, and then ask for the call's instructions again, of whichever process answers there. */
export function redirectTwiml(url: string, keys?: string): string {
  const response = new VoiceResponse();
  // A stream cannot carry keys: the carrier presses them between two of ours.
  if (keys !== undefined) response.play({ digits: keys.replaceAll(/[^0-9*#wW]/g, '') });
  response.redirect({ method: 'POST' }, clean(url));
  return response.toString();
}

/** Nobody can take the call over just now: asks again a little later. */
export function askAgainTwiml(url: string): string {
  const response = new VoiceResponse();
  response.pause({ length: ASK_AGAIN_SECONDS });
  response.redirect({ method: 'POST' }, clean(url));
  return response.toString();
}

/** After a transfer: silence if they spoke, an apology if nobody answered. `dialCallStatus` as the carrier posts it. */
export function afterTransferTwiml(dialCallStatus: unknown, whom: Whom): string {
  if (dialCallStatus === 'completed' || dialCallStatus === 'answered') return hangUpTwiml();
  return finish(new VoiceResponse(), nobodySentence(whom));
}

/** Says something and hangs up: for a machine that no process of ours speaks to. */
export function sayTwiml(sentence: string, language: string): string {
  return finish(new VoiceResponse(), { sentence, language });
}

/** Ends a call that has been answered. */
export function hangUpTwiml(): string {
  const response = new VoiceResponse();
  response.hangup();
  return response.toString();
}

/** Turns a call away without answering it, which costs nobody anything. */
export function rejectTwiml(): string {
  const response = new VoiceResponse();
  response.reject({ reason: 'busy' });
  return response.toString();
}

/** Where a call's media stream connects: the public origin as ws(s), the client, and the caller's segment. */
export function mediaStreamUrl(
  publicUrl: string,
  clientId: string,
  callerPhone: string | undefined,
): string {
  const origin = publicUrl.replace(/^http/, 'ws').replace(/\/+$/, '');
  return `${origin}/ws/${encodeURIComponent(clientId)}/${formatCallerSegment(callerPhone)}`;
}

function finish(response: VoiceResponse, farewell: Farewell): string {
  const { sentence, language, fallbackNumber, fallbackStatusUrl, callerId } = farewell;
  // The type knows the languages of one release of the package; Twilio's list grows.
  const attributes = { language: clean(language) } as VoiceResponse.SayAttributes;
  response.say(attributes, clean(sentence));
  if (fallbackNumber === undefined) response.hangup();
  // Without an action: where we are away, the caller would hear of an error of the application after they have talked.
  else {
    const shown = callerId === undefined ? {} : { callerId: clean(callerId) };
    dial(response, fallbackNumber, shown, fallbackStatusUrl && toldOf(fallbackStatusUrl, true));
  }
  return response.toString();
}

function toldOf(url: string, fromTheStart: boolean): VoiceResponse.NumberAttributes {
  return {
    statusCallback: clean(url),
    statusCallbackEvent: [
      ...(fromTheStart ? (['initiated'] as const) : []),
      'answered',
      'completed',
    ],
    statusCallbackMethod: 'POST',
  };
}

function dial(
  response: VoiceResponse,
  phoneNumber: string,
  attributes: VoiceResponse.DialAttributes,
  number: VoiceResponse.NumberAttributes | '' | undefined = {},
): void {
  response
    .dial({ ...attributes, answerOnBridge: true, timeout: RING_SECONDS })
    .number(number || {}, clean(phoneNumber));
}

/** Without the characters that XML 1.0 forbids even when escaped; the builder escapes the rest. */
function clean(text: string): string {
  return text.replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
}
