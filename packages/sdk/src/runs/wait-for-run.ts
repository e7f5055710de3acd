import { RunFailedError } from "../errors/run-errors.ts";
import type { EvalRunResponse } from "../generated/types.ts";
import type { WatchRunOptions } from "./follow-run.ts";
import { followRun } from "./follow-run.ts";
import type { RunProgress } from "./run-progress.ts";
import type { RunSource } from "./run-source.ts";

export interface WaitForRunOptions extends WatchRunOptions {
  /**
   * Called with the run's progress, at the start and on every change. If it returns a promise, the next poll waits for
   * it; if it throws or rejects, the wait rejects with the same error.
   */
  readonly onProgress?: ((progress: RunProgress) => unknown) | undefined;
  /** Whether to throw a `RunFailedError` for a FAILED run instead of returning it. Default: true. */
  readonly throwOnFailed?: boolean | undefined;
}

/** Polls a run until it has ended, and returns it. */
export async function waitForRun(
  source: RunSource,
  runOrId: EvalRunResponse | string,
  { onProgress, throwOnFailed = true, ...options }: WaitForRunOptions = {},
): Promise<EvalRunResponse> {
  let run: EvalRunResponse | undefined;
  for await (const progress of followRun(source, runOrId, options)) {
    await onProgress?.(progress);
    run = progress.run;
  }
  if (throwOnFailed && run?.status === "FAILED") throw new RunFailedError(run);
  // Following a run ends with the progress of the ended run, or throws.
  return run as EvalRunResponse;
}
