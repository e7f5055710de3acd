/**
 * The value as the server stores it: U+0000 and halves of surrogate pairs, which PostgreSQL refuses, become U+FFFD, in
 * values and keys.
 */
export function storable(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== "object" || value === null) return value;
  // `fromEntries` defines properties, so that a key `__proto__` stays a key.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), storable(item)]));
}

function storableText(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, "\ufffd");
}
