// The script of what goes wrong at a stand-in: one form for all of them, set by tests or over HTTP.

/**
 * Where a fault strikes: a socket being opened, an HTTP request, a request that has been carried out but not answered
 * (where a stand-in keeps something), a message (or SSE event) we are about to send.
 */
export type FaultPoint = 'connect' | 'request' | 'stored' | 'message';

export type FaultAction =
  /** `connect`, `request`, `stored`: never answer. `message`: nothing more is sent, but the connection stays. */
  | 'stall'
  /** Closes the connection in good order: a socket with 1011, or with the code after the colon. */
  | 'close'
  | `close:${number}`
  /** Cuts the connection without a word. */
  | 'reset'
  /** `connect`, `request`, `stored`: refuses with this HTTP status. */
  | `status:${number}`
  /** `message`: sent with its middle cut out and a byte that is no JSON. */
  | 'garble'
  /** `message`: sent with bytes changed, cut out or doubled, or with a value of another type; each time another way. */
  | 'mutate'
  /** `message`: sent with 20 MB more than it should have. */
  | 'huge'
  /** `message`: sent as a binary frame, where there are frames. */
  | 'binary'
  /** `message`: sent five hundred times. */
  | 'repeat'
  /** `message`: not sent. */
  | 'drop'
  /** Everything from here on comes `afterMs` late. */
  | 'slow';

export interface Fault {
  readonly on: FaultPoint;
  /** The how-manieth from now, 1 by default: the next. */
  readonly nth?: number;
  /** How many in a row from there, 1 by default. */
  readonly times?: number;
  /** Strikes, and counts, only messages whose JSON, or requests whose method and path, contain this. */
  readonly match?: string;
  /** Waits so long before it strikes. With `slow`: the delay. */
  readonly afterMs?: number;
  readonly do: FaultAction;
  /** Of a `status` answer, for instance `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a `status` answer, instead of the vendor's own error body. */
  readonly body?: string;
}

/** Faults in one script. */
const FAULTS_MAX = 64;
const points = new Set<unknown>(['connect', 'request', 'stored', 'message'] satisfies FaultPoint[]);
const action =
  /^(stall|reset|garble|mutate|huge|binary|repeat|drop|slow|close(:\d{4})?|status:[1-5]\d\d)$/;

export class FaultScript {
  #faults: { readonly fault: Fault; seen: number }[] = [];

  /** The faults that have not struck yet or may strike again. */
  get faults(): readonly Fault[] {
    return this.#faults.map(({ fault }) => fault);
  }

  /** Adds faults; each counts from now. */
  add(...faults: readonly Fault[]): void {
    if (this.#faults.length + faults.length > FAULTS_MAX) throw new RangeError('too many faults');
    this.#faults.push(...faults.map((fault) => ({ fault, seen: 0 })));
  }

  clear(): void {
    this.#faults = [];
  }

  /** What strikes this time, if anything; the first in the script that applies. */
  next(on: FaultPoint, text = ''): Fault | undefined {
    let struck: Fault | undefined;
    for (const each of this.#faults) {
      const { fault } = each;
      if (fault.on !== on || (fault.match !== undefined && !text.includes(fault.match))) continue;
      each.seen += 1;
      if (each.seen >= (fault.nth ?? 1)) struck ??= fault;
    }
    this.#faults = this.#faults.filter(
      ({ fault, seen }) => seen < (fault.nth ?? 1) + (fault.times ?? 1) - 1,
    );
    return struck;
  }
}

/** A script as it comes over HTTP: a list of faults. Throws a TypeError that names what is wrong. */
export function parseFaults(json: string): Fault[] {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list)) throw new TypeError('a script is a list of faults');
  return list.map((each: Fault, index) => {
    if (!points.has(each?.on)) throw new TypeError(`fault ${index}: on what?`);
    if (!action.test(each.do)) throw new TypeError(`fault ${index}: do what?`);
    return each;
  });
}

/** A message with its middle cut out and an end that no parser accepts. */
export function garble(message: string): string {
  const third = Math.floor(message.length / 3);
  return `${message.slice(0, third)}\u0000${message.slice(2 * third)}}`;
}

/** How often `repeat` says it. */
const REPEATS = 500;
const HUGE_BYTES = 20 * 1024 * 1024;

/** What a fault makes of a message, as the messages that are sent instead. */
export function spoil(action: FaultAction, message: string, seed: number): string[] {
  if (action === 'garble') return [garble(message)];
  if (action === 'mutate') return [mutate(message, seed)];
  if (action === 'repeat') return Array.from({ length: REPEATS }, () => message);
  if (action === 'huge') return [`${message.slice(0, -1)},"filler":"${'x'.repeat(HUGE_BYTES)}"}`];
  return [message];
}

/** A message as a broken sender would send it: the same for the same seed. */
export function mutate(message: string, seed: number): string {
  const random = numbers(seed);
  const at = () => Math.floor(random() * message.length);
  const values = ['null', 'NaN', '-1e999', '[]', '{}', '"x"', 'true', '7', '""', '1e308'];
  switch (seed % 6) {
    case 0:
      return message.slice(0, at());
    case 1: {
      const from = at();
      return message.slice(0, from) + message.slice(from + 1 + Math.floor(random() * 20));
    }
    case 2: {
      const byte = String.fromCharCode(Math.floor(random() * 256));
      const from = at();
      return message.slice(0, from) + byte + message.slice(from + 1);
    }
    case 3: {
      const from = at();
      return message.slice(0, from) + message.slice(Math.max(0, from - 15));
    }
    default: {
      // One of its values is another.
      const found = [...message.matchAll(/(?<=":)("[^"]*"|-?[\d.]+|true|false|null)/g)];
      const one = found[Math.floor(random() * found.length)];
      const value = values[Math.floor(random() * values.length)]!;
      if (!one) return value;
      return message.slice(0, one.index) + value + message.slice(one.index + one[0].length);
    }
  }
}

/** From 0 to 1, always the same for a seed. */
function numbers(seed: number): () => number {
  let state = (seed + 1) * 2654435761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** The status of a `status:…` fault, the code of a `close:…`. */
export function codeOf(fault: Fault): number | undefined {
  const code = /:(\d+)$/.exec(fault.do)?.[1];
  return code === undefined ? undefined : Number(code);
}
