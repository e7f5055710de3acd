/** The known word that was probably meant: the one with the fewest edits, if they are few. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3));
  const [best] = known
    .map((each) => ({
      each,
      edits: isBeginning(word, each) ? 0 : edits(word.toLowerCase(), each.toLowerCase()),
    }))
    .filter((candidate) => candidate.edits <= most)
    .sort((a, b) => a.edits - b.edits);
  return best?.each;
}

/** The end of a message: the nearest word as a question, or nothing. */
export function didYouMean(word: string, known: readonly string[], prefix = ""): string {
  const meant = nearest(word, known);
  return meant === undefined ? "" : ` Did you mean ${prefix}${meant}?`;
}

/** `task` for `task_completion`. One or two letters begin too many words. */
const isBeginning = (word: string, known: string): boolean => word.length > 2 && known.startsWith(word);

/**
 * The number of letters to add, remove or replace (Levenshtein), counting two swapped letters as one (optimal
 * string alignment).
 */
function edits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const at = (line: readonly number[], place: number) => line[place] ?? Number.POSITIVE_INFINITY;
      const differs = a[row - 1] === b[column - 1] ? 0 : 1;
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      now.push(
        Math.min(
          at(last, column) + 1,
          at(now, column - 1) + 1,
          at(last, column - 1) + differs,
          isSwap ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [beforeLast, last] = [last, now];
  }
  return last[b.length] ?? 0;
}
