/**
 * JSON in which no `<` is left, so that no text inside it can close the element it is put in, nor open another.
 * It still is the same JSON: `<` can only occur inside strings, where `\u003c` means the same.
 */
export function toFencedJson(value: unknown): string {
  return (JSON.stringify(value) ?? "null").replaceAll("<", "\\u003c");
}

/** A piece of the record, fenced off from the instructions. */
export function fence(label: string, fencedJson: string): string {
  return `<data label="${label}">\n${fencedJson}\n</data>`;
}
