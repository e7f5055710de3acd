import type { EvalRunResponse } from "@pandaprobe/contract";
import { type FollowOptions, followRun } from "./follow-run.ts";

/**
 * The run, once its status or counts differ from what they are now, or whether it waits for a provider: at once for a run
 * that has ended, as it stands when `stop` is aborted.
 */
export async function waitForRunChange(options: FollowOptions): Promise<EvalRunResponse> {
  let before: EvalRunResponse | undefined;
  for await (const run of followRun(options)) {
    if (run === null) continue;
    if (before !== undefined) return run;
    before = run;
  }
  return before ?? options.read();
}
