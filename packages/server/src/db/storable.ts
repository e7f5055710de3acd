/*
 * PostgreSQL rejects U+0000 and lone surrogates, which JSON may contain. Each becomes U+FFFD, in values and in keys, so
 * that the rest can be stored.
 */

/** In JSON text both occur only as escapes. The text of an escape also matches, which only costs a needless check. */
const escapes = /\\u(?:0000|[dD][89a-fA-F])/;

export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

/** Parses JSON to a value that can be stored. @throws SyntaxError */
export function parseStorableJson(text: string, parse: (text: string) => unknown = JSON.parse): unknown {
  const value = parse(text);
  return escapes.test(text) ? replaced(value) : value;
}

/** A value as the text of a `json` column; `undefined` becomes null. */
export function toJson(value: unknown): string {
  if (value == null) return "null";
  const text = JSON.stringify(value);
  return escapes.test(text) ? JSON.stringify(replaced(value)) : text;
}

/** A value of JSON that can be stored. */
export function storable<Value>(value: Value): Value {
  return escapes.test(JSON.stringify(value)) ? (replaced(value) as Value) : value;
}

function replaced(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(replaced);
  if (typeof value !== "object" || value === null) return value;
  // `fromEntries` defines properties, so a key `__proto__` stays a key.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), replaced(item)]));
}
