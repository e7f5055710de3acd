import { isNotFoundError } from "./errors/not-found-error.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import type { ReadRun } from "./wait-for-run.ts";

/** How the runs of each kind are read. */
export interface RunReaders {
  readonly readTraceRun: ReadRun;
  readonly readSessionRun: ReadRun;
}

/** Reads a run of either kind. What an id alone is the id of is found out at the first look: most are of trace runs. */
export function runReader(
  { readTraceRun, readSessionRun }: RunReaders,
  runOrId: EvalRunResponse | string,
): ReadRun {
  let known: ReadRun | undefined;
  if (typeof runOrId !== "string") known = runOrId.target_type === "SESSION" ? readSessionRun : readTraceRun;
  return async (runId, options) => {
    if (known !== undefined) return known(runId, options);
    try {
      const answer = await readTraceRun(runId, options);
      known = readTraceRun;
      return answer;
    } catch (error) {
      if (!isNotFoundError(error)) throw error;
      const answer = await readSessionRun(runId, options);
      known = readSessionRun;
      return answer;
    }
  };
}
