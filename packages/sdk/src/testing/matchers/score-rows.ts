import type { Score } from "./received-scores.ts";

/** A score as a number from 0 to 1. `null` if it failed or is a label. */
export function scoreNumber({ value, status, data_type: type }: Score): number | null {
  if (value === null || status === "FAILED") return null;
  if (type === "BOOLEAN") return value === "true" ? 1 : 0;
  return type === "NUMERIC" ? Number(value) : null;
}

const maxRows = 5;

/** The worst scores: FAILED ones first, then by value. */
export function worstScores(scores: readonly Score[]): string {
  const sorted = [...scores].sort((a, b) => (scoreNumber(a) ?? -1) - (scoreNumber(b) ?? -1));
  return table(["score", targetNoun(scores), "reason"], sorted, (score) => [
    shownValue(score),
    targetId(score),
    score.reason ?? "",
  ]);
}

/** The FAILED scores of all metrics. */
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
  const lines = textTable(header, scores.slice(0, maxRows).map(row));
  const left = scores.length - maxRows;
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

const maxCellLength = 100;

/** An indented table with aligned columns. Long cells are cut. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => row.map(oneLine));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= maxCellLength ? line : `${line.slice(0, maxCellLength)}…`;
}
