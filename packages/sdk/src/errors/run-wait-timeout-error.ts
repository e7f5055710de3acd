import type { EvalRunResponse } from "../generated/types.ts";
import { brand } from "./brand.ts";
import { PandaProbeError } from "./panda-probe-error.ts";
import { toldFailure } from "./told-failure.ts";

/**
 * The run did not end in the time it was waited for (`code` is `timeout`), or did not change in the time it may
 * (`stalled`). It goes on: wait again to see its end.
 */
export class RunWaitTimeoutError extends PandaProbeError {
  readonly runId: string;
  /** The run as it was last seen; `null` where it never was. */
  readonly run: EvalRunResponse | null;

  constructor(
    runId: string,
    run: EvalRunResponse | null,
    waitedMs: number,
    isStalled: boolean,
    cause: unknown,
  ) {
    const seen = run
      ? `it was ${run.status} with ${run.evaluated_count} of ${run.total_traces} evaluated`
      : "it could not be read once";
    const waits = run?.waiting_for;
    const [what, option] = isStalled ? ["change for", "stallTimeoutMs"] : ["end within", "timeoutMs"];
    const why = isStalled ? " Is a worker of the server running?" : "";
    const waiting = waits ? ` It waits for ${waits.model}: ${waits.reason}.` : why;
    super(
      `Run ${runId} did not ${what} ${waitedMs / 1000} s: ${seen}.${waiting} It goes on; wait again, or give a longer ${option}.${toldFailure(cause)}`,
      { code: isStalled ? "stalled" : "timeout", cause },
    );
    this.runId = runId;
    this.run = run;
  }
}

export const isRunWaitTimeoutError = brand(RunWaitTimeoutError, "RunWaitTimeoutError");
