/**
 * JSON with every `<` escaped, so that no text in it can close the element around it or open another. The value stays the
 * same: `<` only occurs inside strings, where `\u003c` means the same.
 */
export function toFencedJson(value: unknown): string {
  return (JSON.stringify(value) ?? "null").replaceAll("<", "\\u003c");
}

/** Wraps a part of the record in an element that separates it from the instructions. */
export function fence(label: string, fencedJson: string): string {
  return `<data label="${label}">\n${fencedJson}\n</data>`;
}
