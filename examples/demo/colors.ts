import { styleText } from "node:util";

/** The score from which a metric counts as a success, unless a run sets a threshold. */
export const successThreshold = 0.5;
const goodThreshold = 0.8;

/** Colors a text by its score, if standard output supports colors (`NO_COLOR` is respected). */
export function scoreColor(score: number | null, text: string): string {
  if (score === null) return styleText("magenta", text);
  return styleText(score < successThreshold ? "red" : score < goodThreshold ? "yellow" : "green", text);
}

export function bold(text: string): string {
  return styleText("bold", text);
}

export function dim(text: string): string {
  return styleText("dim", text);
}
