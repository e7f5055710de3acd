import type { EvalRunResponse } from "./generated/types.ts";

/** Whether a run is over. A status that this version does not know is not an end. */
export function hasEnded(run: EvalRunResponse): boolean {
  return run.status === "COMPLETED" || run.status === "FAILED";
}
