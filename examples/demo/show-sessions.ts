import type { PandaProbe, RequestOptions, SessionScoreResponse } from "@pandaprobe/sdk";
import type { SampleTrace } from "../load-traces.ts";
import { bar } from "./bar.ts";
import { dim, scoreColor } from "./colors.ts";
import { fitTo, wrap } from "./fit.ts";
import { flaggedTraces } from "./flagged-traces.ts";
import { section } from "./say.ts";
import { scoreText } from "./score-text.ts";

const shown = 5;
const barWidth = 20;
const nameWidth = 20;
const indent = 8;

/** Shows the least reliable sessions, and why. */
export async function showSessions(
  client: PandaProbe,
  samples: readonly SampleTrace[],
  scores: readonly SessionScoreResponse[],
  columns: number,
  options: RequestOptions,
): Promise<void> {
  const metric = "agent_reliability";
  const worst = await client.getSessionScoreComparison({ metric_name: metric, limit: shown }, options);
  const lines = worst.items.flatMap(({ session_id, score }) => {
    const full = scores.find((each) => each.session_id === session_id && each.name === metric);
    const value = scoreColor(score, score === null ? "fail" : scoreText(score));
    const reasons = full === undefined ? [] : [full.reason ?? "", ...flaggedTraces(full, samples)];
    const why = reasons.flatMap((reason) => wrap(reason, columns - indent));
    return [
      `  ${value}  ${fitTo(session_id, nameWidth)}  ${bar(score ?? 0, barWidth)}`,
      ...why.map((line) => dim(" ".repeat(indent) + line)),
    ];
  });
  section(`The ${worst.items.length} worst of ${worst.total} sessions, by ${metric}`, lines);
}
