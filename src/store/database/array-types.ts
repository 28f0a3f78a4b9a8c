// Postgres arrays as JavaScript arrays, for the types the product uses.

/** How postgres.js is told about a type: its number (pg_type.oid) and both directions of its text. */
interface ArrayType {
  readonly to: number;
  readonly from: number[];
  parse(text: string): unknown[];
  serialize(list: readonly unknown[]): string;
}

interface Element {
  parse(text: string): unknown;
  serialize(value: unknown): string;
}

const texts: Element = { parse: (text) => text, serialize: String };
const numbers: Element = { parse: Number, serialize: String };
const booleans: Element = { parse: (text) => text === 't', serialize: String };
const dates: Element = {
  parse: (text) => new Date(text),
  serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
};
const documents: Element = { parse: JSON.parse, serialize: JSON.stringify };

/**
 * For the `types` of postgres.js, in place of its own look-up of array types: that runs unawaited on each new
 * connection, and ends the process when the connection is lost meanwhile.
 */
export const arrayTypes: Readonly<Record<string, ArrayType>> = {
  bools: arrayOf([1000], booleans),
  ints: arrayOf([1005, 1007, 1016], numbers),
  floats: arrayOf([1021, 1022], numbers),
  texts: arrayOf([1009, 1015, 1003], texts),
  uuids: arrayOf([2951], texts),
  numerics: arrayOf([1231], texts),
  ranges: arrayOf([3911], texts),
  times: arrayOf([1185, 1115, 1182], dates),
  documents: arrayOf([3807, 199], documents),
};

function arrayOf(types: number[], element: Element): ArrayType {
  return {
    to: types[0]!,
    from: types,
    parse: (text) => parseArray(text, element),
    serialize: (list) => formatArray(list, element),
  };
}

/** A quoted element, a bare one, or a bracket. PostgreSQL documentation, "Array Input and Output Syntax". */
const token = /"((?:[^"\\]|\\.)*)"|([^",{}]+)|([{}])/gs;

function parseArray(text: string, element: Element): unknown[] {
  const open: unknown[][] = [[]];
  for (const [, quoted, bare, bracket] of text.matchAll(token)) {
    const list = open.at(-1)!;
    if (bracket === '{') {
      const inner: unknown[] = [];
      list.push(inner);
      open.push(inner);
    } else if (bracket === '}') {
      open.pop();
    } else if (bare === 'NULL') {
      list.push(null);
    } else {
      list.push(element.parse(bare ?? quoted!.replaceAll(/\\(.)/gs, '$1')));
    }
  }
  return open[0]![0] as unknown[];
}

function formatArray(list: readonly unknown[], element: Element): string {
  const parts = list.map((value) => {
    if (value === null) return 'NULL';
    if (Array.isArray(value)) return formatArray(value, element);
    return `"${element.serialize(value).replaceAll(/["\\]/g, '\\$&')}"`;
  });
  return `{${parts.join(',')}}`;
}
