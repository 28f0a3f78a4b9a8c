// What a browser says in a call over a plain WebSocket: JSON beside binary audio. Parsed into a typed union. Pure.

/** Samples a second of the audio in both directions, as the browser chooses. */
export const browserRates = [8000, 16_000] as const;
export type BrowserRate = (typeof browserRates)[number];

const TEXT_MAX = 2000;
const MARK_LENGTH_MAX = 64;
const TICKET_LENGTH_MAX = 200;
const digits = '0123456789*#ABCD';

export interface BrowserStart {
  readonly sampleRate: BrowserRate;
  /** Who comes without a cookie or token shows this. */
  readonly ticket: string | undefined;
}

export type BrowserMessage =
  | { readonly type: 'start'; readonly start: BrowserStart }
  /** All audio sent before the mark of this name has been played. */
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'stop' }
  | { readonly type: 'rejected'; readonly reason: string };

/** Never throws: what is wrong is told to the browser's programmer. */
export function parseBrowserMessage(text: string): BrowserMessage {
  if (text.length > TEXT_MAX) return rejected(`A message has at most ${TEXT_MAX} characters.`);
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return rejected('Not JSON.');
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return rejected('A JSON object is expected.');
  }
  const fields = message as Readonly<Record<string, unknown>>;
  switch (fields['type']) {
    case 'start':
      return parseStart(fields);
    case 'mark': {
      const { name } = fields;
      if (typeof name === 'string' && name.length <= MARK_LENGTH_MAX) return { type: 'mark', name };
      return rejected('name: the name of a mark is expected.');
    }
    case 'key': {
      const { key } = fields;
      if (typeof key === 'string' && key.length === 1 && digits.includes(key)) {
        return { type: 'key', key };
      }
      return rejected(`key: one of ${digits} is expected.`);
    }
    case 'stop':
      return { type: 'stop' };
    default:
      return rejected('type: start, mark, key or stop is expected.');
  }
}

function parseStart(fields: Readonly<Record<string, unknown>>): BrowserMessage {
  const { sample_rate: given = 16_000, ticket } = fields;
  const sampleRate = browserRates.find((rate) => rate === given);
  if (!sampleRate) return rejected(`sample_rate: ${browserRates.join(' or ')} is expected.`);
  if (ticket === undefined || ticket === null) {
    return { type: 'start', start: { sampleRate, ticket: undefined } };
  }
  if (typeof ticket !== 'string' || ticket.length > TICKET_LENGTH_MAX) {
    return rejected('ticket: a ticket is expected.');
  }
  return { type: 'start', start: { sampleRate, ticket } };
}

function rejected(reason: string): BrowserMessage {
  return { type: 'rejected', reason };
}
