import { isNotFoundError } from "./errors/not-found-error.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import type { ReadRun } from "./watch-run.ts";

/** Reads a run of either kind. What an id alone is the id of is found out at the first look: most are of trace runs. */
export function runReader(
  readTraceRun: ReadRun,
  readSessionRun: ReadRun,
  runOrId: EvalRunResponse | string,
): ReadRun {
  let isKnown = typeof runOrId !== "string";
  let read = typeof runOrId !== "string" && runOrId.target_type === "SESSION" ? readSessionRun : readTraceRun;
  return async (runId, options) => {
    try {
      const answer = await read(runId, options);
      isKnown = true;
      return answer;
    } catch (error) {
      if (isKnown || !isNotFoundError(error)) throw error;
      isKnown = true;
      read = readSessionRun;
      return read(runId, options);
    }
  };
}
