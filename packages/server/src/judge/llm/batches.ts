/** Well below what any provider takes in one call (OpenAI: 2,048 texts and 300,000 tokens; Gemini: 100 texts). */
const MOST_TEXTS = 96;
const MOST_CHARS = 200_000;

/** The texts in order, in as few groups as one call each may take. */
export function batches(texts: readonly string[], perCall: number): string[][] {
  const most = Math.min(perCall, MOST_TEXTS);
  const groups: string[][] = [];
  let group: string[] = [];
  let chars = 0;
  for (const text of texts) {
    if (group.length > 0 && (group.length >= most || chars + text.length > MOST_CHARS)) {
      groups.push(group);
      group = [];
      chars = 0;
    }
    group.push(text);
    chars += text.length;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
