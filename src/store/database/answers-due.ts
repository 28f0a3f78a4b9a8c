// Follows the messages of one Postgres connection: does the server still owe an answer, has it ended the session?

// Types of messages, PostgreSQL documentation, "Message Formats".
const SYNC = 0x53;
const QUERY = 0x51;
const READY_FOR_QUERY = 0x5a;
const ERROR_RESPONSE = 0x45;
/** A type byte, then the length of the rest with these four bytes included. */
const HEADER_BYTES = 5;
/** StartupMessage: its length, then version 3.0 of the protocol. */
const STARTUP_VERSION = 196_608;

export interface Received {
  /** Whether an answer was completed. */
  readonly completed: boolean;
  /** What the server said when it refused or ended the session. */
  readonly fatal: string | undefined;
}

export class AnswersDue {
  /** The first message, which opens the session, has no type; the server answers it like a query. */
  #opened = false;
  #ready = 0;
  /** Something was sent that has no Sync behind it yet. */
  #unfinished = false;
  #header: Buffer = Buffer.alloc(0);
  #left = 0;
  #error: Buffer[] = [];

  /** Whether the server owes an answer. */
  get due(): boolean {
    return this.#ready > 0 || this.#unfinished;
  }

  /** What we send: whole messages. */
  sent(bytes: Buffer): void {
    if (!this.#opened) {
      this.#opened = true;
      this.#ready = 1;
      return;
    }
    for (let at = 0; at + HEADER_BYTES <= bytes.length; at += 1 + bytes.readUInt32BE(at + 1)) {
      const ends = bytes[at] === SYNC || bytes[at] === QUERY;
      if (ends) this.#ready += 1;
      this.#unfinished = !ends;
    }
  }

  /** What comes, in pieces of any size. */
  received(bytes: Buffer): Received {
    let completed = false;
    let fatal: string | undefined;
    for (let rest = bytes; rest.length > 0;) {
      if (this.#header.length < HEADER_BYTES) {
        const missing = HEADER_BYTES - this.#header.length;
        this.#header = Buffer.concat([this.#header, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (this.#header.length < HEADER_BYTES) break;
        this.#left = this.#header.readUInt32BE(1) - 4;
      }
      const body = rest.subarray(0, this.#left);
      rest = rest.subarray(body.length);
      this.#left -= body.length;
      const type = this.#header[0];
      if (type === ERROR_RESPONSE) this.#error.push(body);
      if (this.#left > 0) continue;
      this.#header = Buffer.alloc(0);
      if (type === READY_FOR_QUERY) {
        this.#ready -= 1;
        completed = true;
      }
      if (type === ERROR_RESPONSE) {
        const text = fatalText(Buffer.concat(this.#error));
        this.#error = [];
        fatal ??= text;
      }
    }
    return { completed, fatal };
  }
}

/** ErrorResponse: fields of a type byte and a text that ends with zero. 'V' is the severity, 'C' the state, 'M' the text. */
function fatalText(body: Buffer): string | undefined {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .map((field) => [field.slice(0, 1), field.slice(1)]),
  );
  const severity = fields.get('V');
  if (severity !== 'FATAL' && severity !== 'PANIC') return undefined;
  return `${fields.get('M')} (${fields.get('C')})`;
}

/**
 * The first bytes of a connection without what postgres.js had not yet sent when the connection before it closed: it
 * keeps such bytes and puts them in front.
 */
export function startupMessage(bytes: Buffer): Buffer {
  for (let at = 0; at + 8 <= bytes.length; at += 1) {
    const whole = bytes.readUInt32BE(at) === bytes.length - at;
    if (whole && bytes.readUInt32BE(at + 4) === STARTUP_VERSION) return bytes.subarray(at);
  }
  return bytes;
}
