// The examples of a contract document, as requests: http blocks, curl commands, Python and JavaScript.

/** One request of a document, with its placeholders as they are there. */
export interface DocumentedExample {
  readonly kind: 'http' | 'curl' | 'python' | 'javascript';
  readonly method: string;
  /** Path and query, without the host. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As written. */
  readonly body: string | undefined;
  /** The JSON that the document shows as the answer, before anything else. */
  readonly shown: unknown;
  readonly line: number;
}

interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
  /** What stands between the block before and this one. */
  readonly lead: string;
}

export function readExamples(document: string): DocumentedExample[] {
  const blocks = readBlocks(document);
  let listed: unknown;
  return blocks.flatMap((block, index) => {
    const next = blocks[index + 1];
    const own = next?.language === 'json' && /\*\*Response:\*\*\s*$/.test(next.lead);
    let shown = own ? parseShown(next.text) : undefined;
    if (Array.isArray(shown)) listed = shown[0];
    if (next && /^\s*(?!#)[^#]*Same as list item above/.test(next.lead)) shown = listed;
    return requestsOf(block).map((request) => ({ ...request, shown, line: block.line }));
  });
}

function readBlocks(document: string): Block[] {
  const blocks: Block[] = [];
  let from = 0;
  for (const match of document.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    const [, language = '', text = ''] = match;
    const line = document.slice(0, match.index).split('\n').length;
    blocks.push({ language, text, line, lead: document.slice(from, match.index) });
    from = match.index + match[0].length;
  }
  return blocks;
}

type Request = Omit<DocumentedExample, 'shown' | 'line'>;

function requestsOf({ language, text }: Block): Request[] {
  switch (language) {
    case 'http':
      return httpRequest(text);
    case 'bash':
      return [
        ...text.replaceAll('\\\n', ' ').matchAll(/^curl .*?(?=^\s*$|^curl|^#|$(?![^]))/gms),
      ].map(([command]) => curlRequest(command));
    case 'python':
      return [...text.matchAll(/requests\.(\w+)\(\s*f?"([^"]+)"/g)].map(([, method, url]) => ({
        kind: 'python' as const,
        method: method!.toUpperCase(),
        path: pathOf(url!),
        headers: { authorization: 'Bearer TOKEN' },
        body: undefined,
      }));
    case 'javascript':
      return [...text.matchAll(/fetch\('([^']+)'(?:, \{(.*?)\}\))?/gs)].map(
        ([, url, options = '']) => ({
          kind: 'javascript' as const,
          method: /method: '(\w+)'/.exec(options)?.[1] ?? 'GET',
          path: pathOf(url!),
          headers: options.includes('Authorization') ? { authorization: 'Bearer TOKEN' } : {},
          body: undefined,
        }),
      );
    default:
      return [];
  }
}

function httpRequest(text: string): Request[] {
  const [head = '', ...rest] = text.split('\n');
  const request = /^(GET|POST|PUT|PATCH|DELETE) (\S+)$/.exec(head);
  if (!request) return [];
  const blank = rest.indexOf('');
  const lines = blank === -1 ? rest : rest.slice(0, blank);
  const headers = Object.fromEntries(
    lines
      .filter((line) => /^[\w-]+: /.test(line))
      .map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 2),
      ]),
  );
  const body =
    blank === -1 ? lines.filter((line) => !/^[\w-]+: /.test(line)) : rest.slice(blank + 1);
  const text_ = body.join('\n').trim();
  return [
    { kind: 'http', method: request[1]!, path: request[2]!, headers, body: text_ || undefined },
  ];
}

function curlRequest(command: string): Request {
  const url = /https?:\/\/\S+/.exec(command)![0];
  const body = /-d '(.*)'/s.exec(command)?.[1];
  const headers = Object.fromEntries(
    [...command.matchAll(/-H "([\w-]+): ([^"]*)"/g)].map(([, name, value]) => [
      name!.toLowerCase(),
      value!,
    ]),
  );
  const method = /-X (\w+)/.exec(command)?.[1] ?? (body === undefined ? 'GET' : 'POST');
  return { kind: 'curl', method, path: pathOf(url), headers, body };
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]+/, '');
}

/** A line of dots stands for more of the same. */
export function withoutDots(text: string): string {
  return text.replaceAll(/,?\s*\n\s*\.\.\.\s*\n/g, '\n').replaceAll(/\{ \.\.\. \}/g, '{}');
}

function parseShown(text: string): unknown {
  return JSON.parse(withoutDots(text));
}

/** What differs in kind between what a document shows and what was answered; undefined when nothing does. */
export function difference(shown: unknown, answered: unknown, at = 'answer'): string | undefined {
  if (shown === undefined) return undefined;
  if (Array.isArray(shown)) {
    if (!Array.isArray(answered)) return `${at} is no list`;
    if (shown.length > 0 && answered.length === 0) return `${at} is empty`;
    return shown.length > 0 ? difference(shown[0], answered[0], `${at}[0]`) : undefined;
  }
  if (typeof shown === 'object' && shown !== null) {
    if (typeof answered !== 'object' || answered === null) return `${at} is no object`;
    for (const [name, value] of Object.entries(shown)) {
      if (!Object.hasOwn(answered, name)) return `${at}.${name} is missing`;
      const deeper = difference(
        value,
        (answered as Record<string, unknown>)[name],
        `${at}.${name}`,
      );
      if (deeper !== undefined) return deeper;
    }
    return undefined;
  }
  return typeof shown === typeof answered
    ? undefined
    : `${at} is ${typeof answered}, not ${typeof shown}`;
}
