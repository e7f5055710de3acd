import type { Score } from "./received-scores.ts";
import { scoreNumber } from "./score-number.ts";
import { textTable } from "./text-table.ts";

const mostRows = 5;

/** The worst scores: those that could not be had first, then by value. */
export function worstScores(scores: readonly Score[]): string {
  const sorted = [...scores].sort((a, b) => (scoreNumber(a) ?? -1) - (scoreNumber(b) ?? -1));
  return table(["score", targetNoun(scores), "reason"], sorted, (score) => [
    shownValue(score),
    targetId(score),
    score.reason ?? "",
  ]);
}

/** Scores that could not be had, of whatever metric. */
export function failedScores(scores: readonly Score[]): string {
  return table(["metric", targetNoun(scores), "reason"], scores, (score) => [
    score.name,
    targetId(score),
    score.reason ?? "",
  ]);
}

function table(
  header: readonly string[],
  scores: readonly Score[],
  row: (score: Score) => readonly string[],
): string {
  const lines = textTable(header, scores.slice(0, mostRows).map(row));
  const left = scores.length - mostRows;
  return left > 0 ? `${lines}\n  … and ${left} more` : lines;
}

function shownValue(score: Score): string {
  return score.status === "FAILED" ? "failed" : (score.value ?? "none");
}

function targetId({ trace_id, session_id }: Score): string {
  return trace_id ?? session_id ?? "";
}

function targetNoun([first]: readonly Score[]): string {
  return first?.session_id === undefined ? "trace" : "session";
}
