import type { EvalRunResponse } from "@pandaprobe/sdk";
import { countText, timeText, usdText } from "./figures.ts";
import { oneLine } from "./printable.ts";

/** A run in a few words: what it is, what it evaluated, who judged, and what it took. */
export function runTexts(run: EvalRunResponse): string[] {
  const { cost_usd: cost, calls, cached_calls: cached } = run.usage;
  const took = runMs(run);
  return [
    `Run ${run.id}`,
    ...(run.name === null ? [] : [oneLine(run.name)]),
    countText(run.total_targets, targetText(run)),
    ...(run.model === null ? [] : [oneLine(run.model)]),
    ...(took === null ? [] : [timeText(took)]),
    ...(calls === 0 ? [] : [countText(calls, "call")]),
    ...(cached === 0 ? [] : [`${countText(cached, "answer")} known before`]),
    ...(cost === null || cost === 0 ? [] : [usdText(cost)]),
  ];
}

/** What a run evaluates, in one word. */
export const targetText = ({ target_type }: EvalRunResponse): string =>
  target_type === "SESSION" ? "session" : "trace";

/** From its making to its end, in milliseconds; `null` while it goes on. */
export function runMs({ created_at, completed_at }: EvalRunResponse): number | null {
  return completed_at === null ? null : Date.parse(completed_at) - Date.parse(created_at);
}
