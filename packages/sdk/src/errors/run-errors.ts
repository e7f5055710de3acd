import type { EvalRunResponse } from "../generated/types.ts";
import { brand } from "./brand.ts";
import { PandaProbeError, reportedFailure } from "./panda-probe-error.ts";

/** The run you waited for ended FAILED: it could not continue, or was cancelled. */
export class RunFailedError extends PandaProbeError {
  readonly run: EvalRunResponse;

  constructor(run: EvalRunResponse) {
    const detail = run.error_message ?? "The server gives no reason.";
    super(
      `Run ${run.id} failed with ${run.evaluated_count} of ${run.total_traces} evaluated: ${detail.replace(/\.?$/, ".")} Its scores are kept; retryTraceRun or retrySessionRun evaluates the rest.`,
      { detail },
    );
    this.run = run;
  }
}

/**
 * The run did not end within `timeoutMs` (`code` is `timeout`), or did not change for `stallTimeoutMs` (`stalled`). The
 * run continues; wait again to see its end.
 */
export class RunWaitTimeoutError extends PandaProbeError {
  readonly runId: string;
  /** The run as last seen; `null` if it could never be read. */
  readonly run: EvalRunResponse | null;

  constructor(
    runId: string,
    run: EvalRunResponse | null,
    waitedMs: number,
    isStalled: boolean,
    cause: unknown,
  ) {
    const seen = run
      ? `it is ${run.status} with ${run.evaluated_count} of ${run.total_traces} evaluated`
      : "it could not be read";
    const waits = run?.waiting_for;
    const [what, option] = isStalled ? ["change for", "stallTimeoutMs"] : ["end within", "timeoutMs"];
    const why = isStalled ? " Is a worker running?" : "";
    const waiting = waits ? ` It waits for ${waits.model}: ${waits.reason}.` : why;
    super(
      `Run ${runId} did not ${what} ${waitedMs / 1000} s: ${seen}.${waiting} It goes on; wait again, or raise ${option}.${reportedFailure(cause)}`,
      { code: isStalled ? "stalled" : "timeout", cause },
    );
    this.runId = runId;
    this.run = run;
  }
}

export const isRunFailedError = brand(RunFailedError, "RunFailedError");
export const isRunWaitTimeoutError = brand(RunWaitTimeoutError, "RunWaitTimeoutError");
