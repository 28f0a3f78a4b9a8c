// Rows as answers have them: snake_case names, times as RFC 3339 text.

/** `camelCase` to `snake_case`, as a type. */
type Snake<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${Snake<Rest>}`
    : `_${Lowercase<First>}${Snake<Rest>}`
  : Name;

type Value<T> = T extends Date ? string : T;

export type Wire<Row> = { [Name in keyof Row as Snake<Name & string>]: Value<Row[Name]> };

/** One row; what lies deeper than its own fields stays as it is. */
export function toWire<Row extends object>(row: Row): Wire<Row> {
  const wire: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    wire[snakeCase(name)] = value instanceof Date ? value.toISOString() : value;
  }
  return wire as Wire<Row>;
}

/** Columns and settings have a few hundred names, which every row repeats. */
const known = new Map<string, string>();

export function snakeCase(name: string): string {
  let snake = known.get(name);
  if (snake === undefined) {
    snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    known.set(name, snake);
  }
  return snake;
}
