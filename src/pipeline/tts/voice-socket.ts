// One socket to a voice: what comes in is sorted into one channel per context, so that turns never mix.

import { Channel } from '../../lib/channel.ts';
import { AppError } from '../../lib/errors.ts';
import type { Socket } from '../../lib/socket.ts';
import { told } from '../../lib/told.ts';
import { parseObject } from '../../lib/untrusted-json.ts';
import type { JsonObject } from '../../lib/untrusted-json.ts';
import type { Voice, VoiceContext, VoiceFailure, VoiceLine, Reply } from './voice.ts';

/** Replies that wait to be spoken, about a minute of speech; then we stop reading the vendor. */
const REPLIES_MAX = 1024;
/** Messages that cannot be read, after which the vendor has failed. */
const BAD_MESSAGES_MAX = 20;

/** One context as its turn sees it. */
export interface OpenContext {
  /** Ends when the vendor has said everything; throws `vendor_failed`. One reader. */
  readonly replies: AsyncIterable<Reply>;
  /** The socket went away before the vendor had said everything. */
  readonly lost: boolean;
  say(text: string): void;
  /** No more text will come: the vendor says what it has. */
  finish(): void;
  /** Silences the context and drops what is unread. After the end it does nothing. */
  cancel(): void;
}

interface Entry {
  readonly replies: Channel<Reply>;
  readonly wire: VoiceContext;
  lost: boolean;
}

/** Reads the socket until it ends. Disposing it closes the socket. */
export class VoiceSocket implements Disposable {
  readonly url: string;
  readonly #voice: Voice;
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  /** Those whose turn still listens. */
  readonly #contexts = new Map<string, Entry>();
  /** Those that the vendor has not said to be over. */
  readonly #unconfirmed = new Set<string>();
  #contextsMade = 0;
  #badMessages = 0;
  #retired = false;
  #ended: AppError | undefined;

  constructor(voice: Voice, url: string, socket: Socket, signal: AbortSignal) {
    this.url = url;
    this.#voice = voice;
    this.#socket = socket;
    this.#signal = signal;
    void this.#route();
  }

  /** Whether another context may be opened here. */
  get usable(): boolean {
    return (
      !this.#ended &&
      !this.#retired &&
      this.#socket.open &&
      this.#unconfirmed.size < this.#voice.contextsMax
    );
  }

  openContext(line: VoiceLine): OpenContext {
    this.#contextsMade += 1;
    const id = `turn-${this.#contextsMade}`;
    const wire = this.#voice.openContext(id, line);
    const entry: Entry = { replies: new Channel(REPLIES_MAX), wire, lost: false };
    this.#contexts.set(id, entry);
    if (this.#voice.contextsMax !== Infinity) this.#unconfirmed.add(id);
    if (this.#ended) this.#lose(this.#ended);
    return {
      replies: entry.replies,
      get lost() {
        return entry.lost;
      },
      say: (text) => this.#contexts.has(id) && this.#send(wire.say(text)),
      finish: () => this.#contexts.has(id) && this.#send(wire.finish()),
      cancel: () => {
        entry.replies.end();
        if (!this.#contexts.delete(id)) return;
        this.#send(wire.cancel());
        this.#closeIfRetired();
      },
    };
  }

  /** Closes when the contexts that are still heard are over; another socket takes the next. */
  retire(): void {
    this.#retired = true;
    this.#closeIfRetired();
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }

  async #route(): Promise<void> {
    const { name } = this.#voice;
    try {
      for await (const message of this.#socket.messages) await this.#take(message);
      this.#lose(new AppError('vendor_failed', `${name}: closed by the vendor`));
    } catch (error) {
      if (error instanceof AppError) this.#lose(error);
      else this.#lose(new AppError('vendor_failed', `${name}: the call is over`, { cause: error }));
    } finally {
      this.#socket[Symbol.dispose]();
    }
  }

  /** By hand and not async, like `#hear`: most messages find room at once. */
  #take(message: string | Uint8Array): Promise<void> | undefined {
    try {
      const json = parseObject(message);
      const id = this.#voice.contextOf(json);
      const failure = this.#voice.failureOf(json);
      if (failure === undefined) return this.#hear(id, json);
      this.#fail(id, failure);
      return undefined;
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof SyntaxError)) throw error;
      this.#badMessages += 1;
      if (this.#badMessages < BAD_MESSAGES_MAX) return undefined;
      const what = `${this.#badMessages} unreadable messages`;
      this.#fail('', { what });
      throw new AppError('vendor_failed', `${this.#voice.name}: ${what}`, { cause: error });
    }
  }

  /** Replies to a context that was cancelled find no entry, and that is all it takes to drop them. */
  #hear(id: string, message: JsonObject): Promise<void> | undefined {
    const entry = this.#contexts.get(id);
    const reply = entry?.wire.read(message);
    // What brings nothing must not look like progress.
    const brings = reply?.audio?.length || reply?.words?.length;
    const told = brings ? entry?.replies.put(reply, this.#signal) : undefined;
    if (!this.#voice.isDone(message)) return told;
    if (told) return told.then(() => this.#finish(id, entry));
    this.#finish(id, entry);
    return undefined;
  }

  #finish(id: string, entry: Entry | undefined): void {
    this.#forget(id);
    entry?.replies.end();
    this.#closeIfRetired();
  }

  #fail(id: string, { what, status }: VoiceFailure): void {
    const { name, key } = this.#voice;
    const upstream = { status };
    const error = new AppError('vendor_failed', `${name}: ${told(what, key)}`, { upstream });
    for (const [each, { replies }] of this.#contexts) {
      if (id !== '' && id !== each) continue;
      this.#forget(each);
      replies.end(error);
    }
    this.#closeIfRetired();
  }

  #lose(error: AppError): void {
    this.#ended = error;
    for (const entry of this.#contexts.values()) {
      entry.lost = true;
      entry.replies.end(error);
    }
    this.#contexts.clear();
  }

  #forget(id: string): void {
    this.#contexts.delete(id);
    this.#unconfirmed.delete(id);
  }

  #send(messages: readonly string[]): void {
    for (const message of messages) {
      // A socket that takes no more is as good as lost, and its contexts are told so.
      if (!this.#socket.send(message)) return this.#socket[Symbol.dispose]();
    }
  }

  #closeIfRetired(): void {
    if (this.#retired && this.#contexts.size === 0) this.#socket[Symbol.dispose]();
  }
}
