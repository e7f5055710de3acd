import type { EvalRunResponse } from "@pandaprobe/sdk";
import { countText, timeText, usdText } from "./figures.ts";
import { oneLine } from "./printable.ts";

/** A run in short: its id and name, what it evaluated, its judge, and its duration and cost. */
export function runTexts(run: EvalRunResponse): string[] {
  const { cost_usd: cost, calls, cached_calls: cached } = run.usage;
  const took = runMs(run);
  return [
    `Run ${run.id}`,
    ...(run.name === null ? [] : [oneLine(run.name)]),
    countText(run.total_targets, targetText(run)),
    ...judgeTexts(run),
    ...(took === null ? [] : [timeText(took)]),
    ...(calls === 0 ? [] : [countText(calls, "call")]),
    ...(cached === 0 ? [] : [`${countText(cached, "answer")} cached`]),
    ...(cost === null || cost === 0 ? [] : [usdText(cost)]),
  ];
}

/** The judge or the jury, and how often it judges. */
function judgeTexts({ model, judges, aggregate, repeats }: EvalRunResponse): string[] {
  const jury = judges?.map(oneLine).join(", ");
  return [
    ...(jury === undefined ? [] : [`${aggregate} of ${jury}`]),
    ...(model === null ? [] : [oneLine(model)]),
    ...(repeats > 1 ? [`${repeats} repeats`] : []),
  ];
}

/** What a run evaluates: `trace` or `session`. */
export const targetText = ({ target_type }: EvalRunResponse): string =>
  target_type === "SESSION" ? "session" : "trace";

/** How long the run took, in milliseconds; `null` until it ends. */
export function runMs({ created_at, completed_at }: EvalRunResponse): number | null {
  return completed_at === null ? null : Date.parse(completed_at) - Date.parse(created_at);
}
