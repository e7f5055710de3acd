import type { TraceScoreResponse } from "@pandaprobe/sdk";
import type { SampleTrace } from "../load-traces.ts";
import { dim } from "./colors.ts";
import { wrap } from "./fit.ts";
import { section } from "./say.ts";
import { scoreMatrix } from "./score-matrix.ts";
import { scoreReasons } from "./score-reasons.ts";
import { scoreTable } from "./score-table.ts";
import { tellingScores } from "./telling-scores.ts";

const note =
  "Where a trace shows no plan, the plan metrics give 1.00, and so does argument_correctness where there are no tool calls.";

/** Shows the scores of a run: a table, and the reasons that tell most. */
export function showScores(
  samples: readonly SampleTrace[],
  scores: readonly TraceScoreResponse[],
  metrics: readonly string[],
  columns: number,
): void {
  const traces = scoreMatrix(samples, scores);
  const { lowest, highest } = tellingScores(traces, { lowest: 6, highest: 3 });
  const notes = wrap(note, columns - 2).map((line) => dim(`  ${line}`));
  section("Scores, from 0 to 1", [...scoreTable(traces, metrics, columns), "", ...notes]);
  section("Some of the lowest, and why", scoreReasons(lowest, columns));
  if (highest.length > 0) section("Some of the highest", scoreReasons(highest, columns));
}
