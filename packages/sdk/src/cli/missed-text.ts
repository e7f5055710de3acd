import { countText, scoreText, shareText } from "./figures.ts";
import { oneLine } from "./printable.ts";
import type { Check, Verdict } from "./verdict.ts";

/** Why a verdict is not a pass, as the end of a sentence. */
export function missedText({ run, checks }: Verdict): string {
  const reasons = checks.filter(({ passed }) => !passed).map(checkText);
  if (run.status !== "COMPLETED") {
    reasons.unshift(`the run ended ${run.status} (${oneLine(run.error_message ?? "no reason given")})`);
  }
  return `${reasons.join("; ")}.`;
}

/** What a missed bar comes to, and what the bar is. */
export function checkText({ kind, metric, value, bar }: Check): string {
  if (kind === "failed_scores") return `${countText(value ?? 0, "score")} failed, and ${bar} may`;
  const text = kind === "mean" ? scoreText : shareText;
  if (value === null) return `nothing could be judged for ${oneLine(metric ?? "")}`;
  return kind === "mean"
    ? `the mean of ${oneLine(metric ?? "")} is ${text(value)}, below ${text(bar)}`
    : `${text(value)} of the scores for ${oneLine(metric ?? "")} pass, less than ${text(bar)}`;
}
