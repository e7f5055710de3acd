import type { TraceScoreResponse } from "@pandaprobe/sdk";
import type { SampleTrace } from "../load-traces.ts";
import { dim } from "./colors.ts";
import { wrap } from "./fit.ts";
import { notableScores } from "./notable-scores.ts";
import { section } from "./say.ts";
import { scoreMatrix } from "./score-matrix.ts";
import { scoreReasons } from "./score-reasons.ts";
import { scoreTable } from "./score-table.ts";

const note =
  "n/a: not applicable, because there was nothing to judge, such as a plan or a tool call. No average counts it.";

/** Shows the scores of a run: a table, and the reasons of some of the lowest and highest. */
export function showScores(
  samples: readonly SampleTrace[],
  scores: readonly TraceScoreResponse[],
  metrics: readonly string[],
  columns: number,
): void {
  const traces = scoreMatrix(samples, scores);
  const { lowest, highest } = notableScores(traces, { lowest: 6, highest: 3 });
  const notes = wrap(note, columns - 2).map((line) => dim(`  ${line}`));
  section("Scores, from 0 to 1", [...scoreTable(traces, metrics, columns), "", ...notes]);
  section("Some of the lowest, and why", scoreReasons(lowest, columns));
  if (highest.length > 0) section("Some of the highest", scoreReasons(highest, columns));
}
