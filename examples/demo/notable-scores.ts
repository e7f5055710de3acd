import type { TraceScoreResponse } from "@pandaprobe/sdk";
import { isApplicable, type ScoredTrace, scoreNumber } from "./score-matrix.ts";

/** A score with its trace and metric. */
export interface NotableScore {
  readonly trace: ScoredTrace;
  readonly metric: string;
  /** `null` if the score failed. */
  readonly value: number | null;
  readonly reason: string;
}

export interface NotableScores {
  readonly lowest: readonly NotableScore[];
  readonly highest: readonly NotableScore[];
}

/** The lowest and the highest scores, no two from the same trace. */
export function notableScores(
  traces: readonly ScoredTrace[],
  counts: { lowest: number; highest: number },
): NotableScores {
  const all = traces.flatMap((trace) =>
    [...trace.scores.values()].filter(hasInformativeReason).map((score) => ({
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

/** Whether the reason adds something to the number, as it does not for embeddings. */
function hasInformativeReason(score: TraceScoreResponse): boolean {
  return score.name !== "coherence" && isApplicable(score);
}

/** The first `count`, without repeated traces and reasons, and with at most `mostOfOneMetric` of a metric. */
function pick(sorted: readonly NotableScore[], count: number, mostOfOneMetric: number): NotableScore[] {
  const picked: NotableScore[] = [];
  for (const score of sorted) {
    const isNew = picked.every(({ trace, reason }) => trace !== score.trace && reason !== score.reason);
    const sameMetric = picked.filter(({ metric }) => metric === score.metric).length;
    if (isNew && sameMetric < mostOfOneMetric) picked.push(score);
    if (picked.length === count) break;
  }
  return picked;
}
