/** A value as text to embed: `""` for null, a string as it is, anything else as compact JSON. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
