import type { EvalRunResponse } from "../generated/types.ts";
import { brand, isBranded } from "./brand.ts";
import { PandaProbeError } from "./panda-probe-error.ts";

/** The run did not end in the time it was waited for. It goes on: wait again to see its end. */
export class RunWaitTimeoutError extends PandaProbeError {
  static {
    brand(RunWaitTimeoutError, "RunWaitTimeoutError");
  }

  readonly runId: string;
  /** The run as it was last seen; `null` where it never was. */
  readonly run: EvalRunResponse | null;

  constructor(runId: string, run: EvalRunResponse | null, timeoutMs: number, cause: unknown) {
    const seen =
      run === null
        ? "it could not be read once"
        : `it was ${run.status} with ${run.evaluated_count} of ${run.total_traces} evaluated`;
    const last = cause instanceof Error ? ` The last try to read it: ${cause.message}` : "";
    super(
      `Run ${runId} did not end within ${timeoutMs / 1000} s: ${seen}. It goes on; wait again, or give a longer timeoutMs.${last}`,
      { cause },
    );
    this.runId = runId;
    this.run = run;
  }
}

export function isRunWaitTimeoutError(error: unknown): error is RunWaitTimeoutError {
  return isBranded(error, "RunWaitTimeoutError");
}
