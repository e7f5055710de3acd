import type { EvalRunResponse } from "../generated/types.ts";
import { brand } from "./brand.ts";
import { PandaProbeError } from "./panda-probe-error.ts";

/** The run that was waited for ended FAILED: it could not go on, or was cancelled. */
export class RunFailedError extends PandaProbeError {
  readonly run: EvalRunResponse;

  constructor(run: EvalRunResponse) {
    const detail = run.error_message ?? "The server does not say why.";
    super(
      `Run ${run.id} failed after ${run.evaluated_count} of ${run.total_traces}: ${detail.replace(/\.?$/, ".")} Its scores are kept; retryTraceRun or retrySessionRun judges the rest.`,
      { detail },
    );
    this.run = run;
  }
}

export const isRunFailedError = brand(RunFailedError, "RunFailedError");
