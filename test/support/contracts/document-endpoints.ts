// The endpoints of a contract document, each with the bodies it shows, the answers it promises and its examples in code.

export interface DocumentedEndpoint {
  readonly method: string;
  readonly path: string;
  readonly line: number;
  /** What the document shows as the request's body; undefined where it shows none. */
  readonly bodies: readonly Readonly<Record<string, unknown>>[];
  /** Of successes: the JSON shown. */
  readonly answers: readonly unknown[];
  /** Bodies in code: curl's -d and Python's json=. Null for a request that has none. */
  readonly coded: readonly (Readonly<Record<string, unknown>> | null)[];
  /** Addresses in code, without the host. */
  readonly addresses: readonly string[];
}

const heading =
  /^(?:#{3,4} (?:([A-Z]+) `([^`]+)`)|\*\*([A-Z]+) (\/[^*]*)\*\*|#{3} ([A-Z]+) (\/\S+))$/gm;

export function readEndpoints(document: string): DocumentedEndpoint[] {
  const heads = [...document.matchAll(heading)].filter((match) =>
    /^(GET|POST|PUT|PATCH|DELETE)$/.test(match[1] ?? match[3] ?? match[5] ?? ''),
  );
  return heads.map((match) => {
    const start = match.index + match[0].length;
    const rest = document.slice(start);
    // Up to the next heading of any kind, or the next endpoint.
    const next = /^(?:#{1,4} |\*\*(?:GET|POST|PUT|PATCH|DELETE|WS) \/)/m.exec(rest.slice(1));
    const section = next ? rest.slice(0, next.index + 1) : rest;
    return {
      method: (match[1] ?? match[3] ?? match[5])!,
      path: (match[2] ?? match[4] ?? match[6])!,
      line: document.slice(0, match.index).split('\n').length,
      ...partsOf(section),
    };
  });
}

function partsOf(section: string) {
  const bodies: Record<string, unknown>[] = [];
  const answers: unknown[] = [];
  const coded: (Record<string, unknown> | null)[] = [];
  const addresses: string[] = [];
  let at = 0;
  let request = false;
  for (const match of section.matchAll(/^```(\w*)\n(.*?)^```$/gms)) {
    const [, language = '', text = ''] = match;
    const lead = section.slice(at, match.index);
    at = match.index + match[0].length;
    if (language === 'json') {
      if (/Error Response|\(4\d\d/.test(lead)) continue;
      if (/Request Body|Request\*\*/.test(lead)) request = true;
      else if (/Response/.test(lead)) request = false;
      if (request) bodies.push(JSON.parse(text) as Record<string, unknown>);
      else answers.push(JSON.parse(text));
    } else if (language === 'bash') {
      const data = /-d '(.*?)'/s.exec(text)?.[1];
      coded.push(data === undefined ? null : (JSON.parse(data) as Record<string, unknown>));
      addresses.push(...[...text.matchAll(/https?:\/\/[^/\s]+(\/\S*)/g)].map(([, path]) => path!));
    } else if (language === 'python') {
      const data = /json=(\{.*?\})\s*\n?\s*\)/s.exec(text)?.[1];
      coded.push(data === undefined ? null : (JSON.parse(data) as Record<string, unknown>));
      addresses.push(
        ...[...text.matchAll(/"https?:\/\/[^/]+(\/[^"]*)"/g)].map(([, path]) => path!),
      );
    } else if (language === '' && text.startsWith('GET /')) {
      addresses.push(text.trim().split(' ')[1]!);
    }
  }
  return { bodies, answers, coded, addresses };
}
