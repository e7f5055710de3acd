import { assertion, failure, type MatcherContext, type MatchResult, ofRun } from "./match-result.ts";
import { receivedScores } from "./received-scores.ts";
import { failedScores } from "./score-rows.ts";

/** Whether no score is FAILED. Without any score it fails, even with `.not`. */
export function toHaveNoFailedScores(this: MatcherContext, received: unknown): MatchResult {
  const call = assertion(this, "toHaveNoFailedScores()");
  const read = receivedScores(received);
  if (typeof read === "string") return failure(this, `${call}\n\n${read}`);
  const { scores, run } = read;
  const failed = scores.filter(({ status }) => status === "FAILED");
  // A target that was deleted during the run has no score, but the run counts it.
  const count = Math.max(failed.length, run?.failed_count ?? 0);
  if (scores.length + count === 0) {
    return failure(this, `${call}\n\nThere are no scores: nothing was evaluated.${ofRun(run)}`);
  }
  return {
    pass: count === 0,
    message: () => {
      if (count === 0) return `${call}\n\nNone of the ${scores.length} scores failed.${ofRun(run)}`;
      const total = scores.length - failed.length + count;
      const lines = [call, "", `${count} of ${total} scores failed.${ofRun(run)}`];
      if (failed.length > 0) lines.push("", failedScores(failed));
      if (count > failed.length) {
        lines.push("", `${count - failed.length} have no score: their target was deleted during the run.`);
      }
      return lines.join("\n");
    },
  };
}
