// Twilio media stream messages: text parsed into a typed union, and the three messages we may send. Pure.

/** Decoded bytes of one media message: a second of audio. Twilio sends 160. */
export const PAYLOAD_BYTES_MAX = 8000;
/** Base64 characters that `PAYLOAD_BYTES_MAX` bytes take. */
const PAYLOAD_TEXT_MAX = Math.ceil(PAYLOAD_BYTES_MAX / 3) * 4;
/** Twilio allows some 500 characters for name and value of a parameter together. */
const PARAMETER_LENGTH_MAX = 600;
const PARAMETERS_MAX = 32;
const MARK_NAME_LENGTH_MAX = 64;

/** Twilio's are 34 characters. Stand-ins may differ, but nothing that needs escaping gets in. */
const identifier = /^[A-Za-z0-9_-]{1,64}$/;
const counter = /^\d{1,15}$/;
const digits = '0123456789*#ABCD';
export interface StreamStart {
  readonly streamSid: string;
  readonly callSid: string;
  readonly accountSid: string;
  /** The `<Parameter>` elements of our TwiML. */
  readonly customParameters: ReadonlyMap<string, string>;
}

export interface StreamMedia {
  readonly streamSid: string;
  /** Counts media messages from 1. */
  readonly chunk: number;
  /** Milliseconds since the stream began, by the carrier. For order and gaps only, never for the bill. */
  readonly timestampMs: number;
  /** Mu-law at 8 kHz, 1 to `PAYLOAD_BYTES_MAX` bytes. */
  readonly payload: Uint8Array;
}

export type StreamMessage =
  | { readonly type: 'connected' }
  | { readonly type: 'start'; readonly start: StreamStart }
  | { readonly type: 'media'; readonly media: StreamMedia }
  | {
      readonly type: 'dtmf';
      readonly streamSid: string;
      readonly sequence: number;
      /** One of 0-9, *, #, A-D. */
      readonly digit: string;
    }
  | { readonly type: 'mark'; readonly streamSid: string; readonly name: string }
  | { readonly type: 'stop'; readonly streamSid: string }
  /** An event Twilio may have added since: no fault, and of no use to us. */
  | { readonly type: 'unknown' }
  | { readonly type: 'rejected'; readonly reason: Rejection };

/** Why a message was not accepted. */
export type Rejection =
  | 'not-json'
  | 'not-an-object'
  | 'bad-field'
  | 'bad-format'
  | 'bad-base64'
  | 'empty-payload'
  | 'payload-too-long'
  | 'bad-digit';

type Json = Readonly<Record<string, unknown>>;

/**
 * One text frame of a Twilio media stream. Fields we use must have the documented type (numbers are strings there);
 * fields we do not know are ignored. Never throws. Wire: Twilio "Media Streams - WebSocket messages".
 */
export function parseMessage(text: string): StreamMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return rejected('not-json');
  }
  if (!isObject(value)) return rejected('not-an-object');
  switch (value['event']) {
    case 'media':
      return parseMedia(value);
    case 'mark':
      return parseMark(value);
    case 'dtmf':
      return parseDtmf(value);
    case 'start':
      return parseStart(value);
    case 'stop':
      return isIdentifier(value['streamSid'])
        ? { type: 'stop', streamSid: value['streamSid'] }
        : rejected('bad-field');
    case 'connected':
      return { type: 'connected' };
    default:
      return typeof value['event'] === 'string' ? { type: 'unknown' } : rejected('bad-field');
  }
}

function parseMedia({ streamSid, media }: Json): StreamMessage {
  if (!isIdentifier(streamSid) || !isObject(media)) return rejected('bad-field');
  const { track, chunk, timestamp, payload } = media;
  // Only what the caller says: the other track would be our own voice.
  if (track !== undefined && track !== 'inbound') return rejected('bad-field');
  if (!isCounter(chunk) || !isCounter(timestamp)) return rejected('bad-field');
  if (typeof payload !== 'string') return rejected('bad-field');
  if (payload.length === 0) return rejected('empty-payload');
  if (payload.length > PAYLOAD_TEXT_MAX) return rejected('payload-too-long');
  const bytes = decodeBase64(payload);
  if (!bytes) return rejected('bad-base64');
  if (bytes.length > PAYLOAD_BYTES_MAX) return rejected('payload-too-long');
  return {
    type: 'media',
    media: { streamSid, chunk: Number(chunk), timestampMs: Number(timestamp), payload: bytes },
  };
}

function parseMark({ streamSid, mark }: Json): StreamMessage {
  if (!isIdentifier(streamSid) || !isObject(mark)) return rejected('bad-field');
  const { name } = mark;
  if (typeof name !== 'string' || name.length > MARK_NAME_LENGTH_MAX) return rejected('bad-field');
  return { type: 'mark', streamSid, name };
}

function parseDtmf({ streamSid, sequenceNumber, dtmf }: Json): StreamMessage {
  if (!isIdentifier(streamSid) || !isObject(dtmf)) return rejected('bad-field');
  if (!isCounter(sequenceNumber)) return rejected('bad-field');
  const { digit } = dtmf;
  if (typeof digit !== 'string' || digit.length !== 1 || !digits.includes(digit)) {
    return rejected('bad-digit');
  }
  return { type: 'dtmf', streamSid, sequence: Number(sequenceNumber), digit };
}

function parseStart({ streamSid: outerSid, start }: Json): StreamMessage {
  if (!isObject(start)) return rejected('bad-field');
  const { streamSid, callSid, accountSid, mediaFormat, customParameters = {} } = start;
  if (!isIdentifier(streamSid) || !isIdentifier(callSid) || !isIdentifier(accountSid)) {
    return rejected('bad-field');
  }
  if (outerSid !== streamSid) return rejected('bad-field');
  if (!isObject(mediaFormat)) return rejected('bad-field');
  const { encoding, sampleRate, channels } = mediaFormat;
  if (encoding !== 'audio/x-mulaw' || sampleRate !== 8000 || channels !== 1) {
    return rejected('bad-format');
  }
  const parameters = parseParameters(customParameters);
  if (!parameters) return rejected('bad-field');
  return {
    type: 'start',
    start: { streamSid, callSid, accountSid, customParameters: parameters },
  };
}

function parseParameters(value: unknown): ReadonlyMap<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length > PARAMETERS_MAX) return undefined;
  const parameters = new Map<string, string>();
  for (const [name, text] of entries) {
    if (typeof text !== 'string') return undefined;
    if (name.length + text.length > PARAMETER_LENGTH_MAX) return undefined;
    parameters.set(name, text);
  }
  return parameters;
}

/**
 * Strict base64 or undefined. Node's decoder skips what it does not know, which shows in the length, and takes the
 * URL alphabet too, which does not.
 */
function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === (text.length / 4) * 3 - padding ? bytes : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && identifier.test(value);
}

function isCounter(value: unknown): value is string {
  return typeof value === 'string' && counter.test(value);
}

function rejected(reason: Rejection): StreamMessage {
  return { type: 'rejected', reason };
}

/** Audio for the caller: raw mu-law at 8 kHz. `streamSid` as parsed, so that nothing in it needs escaping. */
export function mediaMessage(streamSid: string, audio: Uint8Array): string {
  const payload = Buffer.from(audio.buffer, audio.byteOffset, audio.length).toString('base64');
  return `{"event":"media","streamSid":"${streamSid}","media":{"payload":"${payload}"}}`;
}

/** Comes back when the audio sent before it has been played, or at once after a clear. `name`: [A-Za-z0-9:]. */
export function markMessage(streamSid: string, name: string): string {
  return `{"event":"mark","streamSid":"${streamSid}","mark":{"name":"${name}"}}`;
}

/** Empties the carrier's queue; all marks in it come back. */
export function clearMessage(streamSid: string): string {
  return `{"event":"clear","streamSid":"${streamSid}"}`;
}
