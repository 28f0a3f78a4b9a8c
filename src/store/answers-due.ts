// Counts, from the bytes of one connection, whether the Postgres server still owes an answer.

// Types of messages, PostgreSQL documentation, "Message Formats".
const SYNC = 0x53;
const QUERY = 0x51;
const READY_FOR_QUERY = 0x5a;
/** A type byte, then the length of the rest with these four bytes included. */
const HEADER_BYTES = 5;

export class AnswersDue {
  /** The first message, which opens the session, has no type; the server answers it like a query. */
  #opened = false;
  #ready = 0;
  /** Something was sent that has no Sync behind it yet. */
  #unfinished = false;
  #header: Buffer = Buffer.alloc(0);
  #skip = 0;

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

  /** What comes, in pieces of any size. True when an answer was completed by it. */
  received(bytes: Buffer): boolean {
    let completed = false;
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, rest.length);
        this.#skip -= skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      const missing = HEADER_BYTES - this.#header.length;
      this.#header = Buffer.concat([this.#header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (this.#header.length < HEADER_BYTES) break;
      if (this.#header[0] === READY_FOR_QUERY) {
        this.#ready -= 1;
        completed = true;
      }
      this.#skip = this.#header.readUInt32BE(1) - 4;
      this.#header = Buffer.alloc(0);
    }
    return completed;
  }
}
