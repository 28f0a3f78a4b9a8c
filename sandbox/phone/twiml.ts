// TwiML as a tree of elements, refused unless it is well-formed XML with a <Response> at the top.

import { SaxesParser } from 'saxes';

/** One element; `text` is its own character data, trimmed. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

/** Says what is wrong with a document; `code` is Twilio's (12100 not XML, 12102 no Response). */
export class TwimlError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'TwimlError';
    this.code = code;
  }
}

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** The `<Response>` element of a document. Throws a `TwimlError`. */
export function parseTwiml(document: string): Element {
  // Twilio skips white space before the declaration; XML itself does not.
  const parser = new SaxesParser({});
  const open: Open[] = [];
  const roots: Element[] = [];
  parser.on('error', (error) => {
    throw new TwimlError(12_100, error.message);
  });
  parser.on('opentag', ({ name, attributes }) => {
    open.push({ name, attributes: { ...attributes }, children: [], text: '' });
  });
  const addText = (text: string) => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const { name, attributes, children, text } = open.pop()!;
    const element: Element = { name, attributes, children, text: text.trim() };
    (open.at(-1)?.children ?? roots).push(element);
  });
  parser.write(document.trimStart()).close();
  const [response] = roots;
  if (response?.name !== 'Response') {
    throw new TwimlError(12_102, `the document's element is <${response?.name}>, not <Response>`);
  }
  return response;
}
