import { RunFailedError } from "./errors/run-failed-error.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import type { RunProgress } from "./run-progress.ts";
import { looks, type ReadRun, type WatchRunOptions } from "./watch-run.ts";

export interface WaitForRunOptions extends WatchRunOptions {
  /**
   * Called with how far the run has come: at first sight, then on every change. A promise that it returns is waited for
   * before the next look; what it throws, or rejects with, ends the waiting.
   */
  readonly onProgress?: ((progress: RunProgress) => unknown) | undefined;
  /** Whether a FAILED run throws a `RunFailedError`; if not, it is returned. Default: true. */
  readonly throwOnFailed?: boolean | undefined;
}

/** Watches a run until it has ended, and returns it as it was then. */
export async function waitForRun(
  read: ReadRun,
  runOrId: EvalRunResponse | string,
  { onProgress, throwOnFailed = true, ...options }: WaitForRunOptions = {},
): Promise<EvalRunResponse> {
  let run: EvalRunResponse | undefined;
  for await (const progress of looks(read, runOrId, options)) {
    await onProgress?.(progress);
    run = progress.run;
  }
  // Looking ends with the end of the run, of which there is news, or else throws.
  if (throwOnFailed && run?.status === "FAILED") throw new RunFailedError(run);
  return run as EvalRunResponse;
}
