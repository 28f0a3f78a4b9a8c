// Twilio's media messages as Twilio writes them, read from their bytes: fifty a second come in on each call.

import { pooledBytes } from '../lib/pool.ts';
import { PAYLOAD_BYTES_MAX } from './twilio-messages.ts';
import type { StreamMedia } from './twilio-messages.ts';

/** More than a counter has, and still exact as a number. */
const COUNTER_DIGITS_MAX = 15;
const QUOTE = 0x22;
const PADDING = 0x3d;
const ZERO = 0x30;
const NINE = 0x39;
/** In `sextets`, of what stands for none. */
const NONE = 0xff;

const nothing = new Uint8Array(0);
const opening = ascii('{"event":"media","sequenceNumber":"');
const toChunk = ascii(',"media":{"track":"inbound","chunk":"');
const toTimestamp = ascii(',"timestamp":"');
const toPayload = ascii(',"payload":"');
const afterMedia = ascii('}');
const closing = ascii('}');

const sextets = new Uint8Array(0x100).fill(NONE);
for (const [value, code] of ascii(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
).entries()) {
  sextets[code] = value;
}

/**
 * For the messages of one stream. Reading them as JSON makes a dozen small things of each and leaves three new strings in the
 * table of all strings.
 */
export class MediaReader {
  readonly #streamSid: string;
  readonly #sid: Uint8Array;
  #bytes: Uint8Array = nothing;
  #at = 0;

  /** `streamSid` as parsed, so that nothing in it needs escaping. */
  constructor(streamSid: string) {
    this.#streamSid = streamSid;
    this.#sid = ascii(`,"streamSid":"${streamSid}"`);
  }

  /** Undefined is no fault: what looks otherwise in the least is to be read as JSON. Its payload is in shared memory. */
  read(bytes: Uint8Array): StreamMedia | undefined {
    this.#bytes = bytes;
    this.#at = 0;
    const media = this.#read();
    // They may be a small part of much memory.
    this.#bytes = nothing;
    return media;
  }

  #read(): StreamMedia | undefined {
    if (!this.#skip(opening) || Number.isNaN(this.#counter())) return undefined;
    // The documents show the stream's id in front of the audio, Twilio writes it behind.
    const named = this.#skip(this.#sid);
    if (!this.#skip(toChunk)) return undefined;
    const chunk = this.#counter();
    if (!this.#skip(toTimestamp)) return undefined;
    const timestampMs = this.#counter();
    if (Number.isNaN(chunk + timestampMs) || !this.#skip(toPayload)) return undefined;
    const payload = this.#payload();
    if (!payload || !this.#skip(afterMedia)) return undefined;
    if (!named && !this.#skip(this.#sid)) return undefined;
    if (!this.#skip(closing) || this.#at !== this.#bytes.length) return undefined;
    return { streamSid: this.#streamSid, chunk, timestampMs, payload };
  }

  #skip(text: Uint8Array): boolean {
    const [bytes, at] = [this.#bytes, this.#at];
    for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text[i]) return false;
    this.#at = at + text.length;
    return true;
  }

  /** Digits up to the quote, which it takes too; not a number when they are none, or too many. */
  #counter(): number {
    const bytes = this.#bytes;
    const from = this.#at;
    let value = 0;
    let at = from;
    for (; bytes[at]! >= ZERO && bytes[at]! <= NINE; at += 1)
      value = value * 10 + bytes[at]! - ZERO;
    const digits = at - from;
    if (digits === 0 || digits > COUNTER_DIGITS_MAX || bytes[at] !== QUOTE) return Number.NaN;
    this.#at = at + 1;
    return value;
  }

  /** The bytes of strict base64 up to the quote, which it takes too; undefined for none, too much, and what is not base64. */
  #payload(): Uint8Array | undefined {
    const bytes = this.#bytes;
    const from = this.#at;
    const end = bytes.indexOf(QUOTE, from);
    const length = end - from;
    if (length <= 0 || length % 4 !== 0) return undefined;
    const padding = bytes[end - 2] === PADDING ? 2 : bytes[end - 1] === PADDING ? 1 : 0;
    if (padding === 2 && bytes[end - 1] !== PADDING) return undefined;
    const size = (length / 4) * 3 - padding;
    if (size > PAYLOAD_BYTES_MAX) return undefined;
    const decoded = pooledBytes(size);
    let bits = 0;
    let held = 0;
    let to = 0;
    for (let at = from; at < end - padding; at += 1) {
      const sextet = sextets[bytes[at]!]!;
      if (sextet === NONE) return undefined;
      bits = ((bits << 6) | sextet) & 0xffff;
      held += 6;
      if (held < 8) continue;
      held -= 8;
      decoded[to] = bits >> held;
      to += 1;
    }
    this.#at = end + 1;
    return decoded;
  }
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
