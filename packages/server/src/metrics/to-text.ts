import { withoutFiles } from "./media.ts";

/** A value as text to embed: `""` for null, strings unchanged, anything else as compact JSON. Files become short marks. */
export function toText(given: unknown): string {
  const value = withoutFiles(given);
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
