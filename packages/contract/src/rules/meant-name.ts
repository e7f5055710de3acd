import leven from "leven";

/** Longer names are not compared. */
export const longestName = 100;

/** The end of a sentence about an unknown name: the one that was probably meant as a question, or a full stop. */
export function meant(name: string, known: Iterable<string>): string {
  const like = nearest(name, known);
  return like === null ? "." : `; did you mean ${like}?`;
}

/** The known name that a name was probably meant to be. Words may be joined in other ways: `sessionId`, `session-id`. */
function nearest(name: string, known: Iterable<string>): string | null {
  if (name.length > longestName) return null;
  const snake = name.replace(/(?<=[a-z\d])(?=[A-Z])|-| /g, "_").toLowerCase();
  const [best] = [...known]
    .map((candidate) => ({ candidate, distance: leven(snake, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.min(2, candidateSlack(best.candidate))
    ? best.candidate
    : null;
}

/** How many letters of a name may be wrong. */
function candidateSlack(name: string): number {
  return Math.floor(name.length / 3);
}
