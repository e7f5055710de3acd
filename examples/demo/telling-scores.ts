import type { TraceScoreResponse } from "@pandaprobe/sdk";
import { hadNothingToJudge, type ScoredTrace, scoreNumber } from "./score-matrix.ts";

/** A score, its trace, and where it stands. */
export interface TellingScore {
  readonly trace: ScoredTrace;
  readonly metric: string;
  /** `null`: the judge could not answer. */
  readonly value: number | null;
  readonly reason: string;
}

export interface Telling {
  readonly lowest: readonly TellingScore[];
  readonly highest: readonly TellingScore[];
}

/** The scores whose reasons tell most: the lowest and the highest, each of another trace. */
export function tellingScores(
  traces: readonly ScoredTrace[],
  counts: { lowest: number; highest: number },
): Telling {
  const all = traces.flatMap((trace) =>
    [...trace.scores.values()].filter(tellsWhy).map((score) => ({
      trace,
      metric: score.name,
      value: scoreNumber(score),
      reason: score.reason ?? "",
    })),
  );
  const ascending = all.toSorted((a, b) => (a.value ?? -1) - (b.value ?? -1));
  const successes = ascending.filter(({ value }) => value !== null).reverse();
  return { lowest: pick(ascending, counts.lowest, 2), highest: pick(successes, counts.highest, 1) };
}

/** The reason of an embedding is its number. */
function tellsWhy(score: TraceScoreResponse): boolean {
  return score.name !== "coherence" && !hadNothingToJudge(score);
}

/** The first ones, but no trace and no reason twice, and no metric more often than `mostOfOneMetric`. */
function pick(sorted: readonly TellingScore[], count: number, mostOfOneMetric: number): TellingScore[] {
  const picked: TellingScore[] = [];
  for (const score of sorted) {
    const isNew = picked.every(({ trace, reason }) => trace !== score.trace && reason !== score.reason);
    const sameMetric = picked.filter(({ metric }) => metric === score.metric).length;
    if (isNew && sameMetric < mostOfOneMetric) picked.push(score);
    if (picked.length === count) break;
  }
  return picked;
}
