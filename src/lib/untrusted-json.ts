// JSON from outside, read field by field: what has the wrong type is a TypeError that names the field.

export type JsonObject = Readonly<Record<string, unknown>>;

/** Throws when `message` is not text, not JSON, or not an object. */
export function parseObject(message: string | Uint8Array): JsonObject {
  if (typeof message !== 'string') throw new TypeError('the message is not text');
  return asObject(JSON.parse(message), 'the message');
}

export function readObject(from: JsonObject, field: string): JsonObject {
  return asObject(from[field], field);
}

/** The field's text, of so many characters at most; '' where it is missing or null. */
export function readText(from: JsonObject, field: string, max = Infinity): string {
  const value = from[field] ?? '';
  if (typeof value !== 'string') throw new TypeError(`${field} is not a text`);
  if (value.length > max) throw new TypeError(`${field} is too long`);
  return value;
}

/** Finite, or a TypeError. */
export function readNumber(from: JsonObject, field: string): number {
  return asNumber(from[field], field);
}

/** True only where the field is `true`. */
export function readFlag(from: JsonObject, field: string): boolean {
  return from[field] === true;
}

/** The field's items; none where it is missing or null. */
export function readList<Item>(
  from: JsonObject,
  field: string,
  item: (value: unknown, field: string) => Item,
): readonly Item[] {
  const value = from[field] ?? [];
  if (!Array.isArray(value)) throw new TypeError(`${field} is not a list`);
  return value.map((each: unknown) => item(each, field));
}

export function asObject(value: unknown, field: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${field} is not an object`);
  }
  return value as JsonObject;
}

export function asNumber(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new TypeError(`${field} is not a number`);
  }
  return value;
}

export function asText(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new TypeError(`${field} is not a text`);
  return value;
}
