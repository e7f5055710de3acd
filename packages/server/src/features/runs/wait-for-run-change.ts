import { setTimeout as sleep } from "node:timers/promises";
import type { EvalRunResponse } from "@pandaprobe/contract";
import type { RunListener } from "./run-listener.ts";

/** A run that moves fast is looked at no more often than this. */
const shortestWaitMs = 250;

/**
 * The run, once its status or counts differ from what they are now: at once for a run that has ended, as it stands when
 * `stop` is aborted.
 */
export async function waitForRunChange(
  runs: RunListener,
  runId: string,
  read: () => Promise<EvalRunResponse>,
  stop: AbortSignal,
): Promise<EvalRunResponse> {
  let wake = Promise.withResolvers<void>();
  // Subscribed before the first look, so that no change falls between the two.
  const unsubscribe = runs.subscribe(runId, () => wake.resolve());
  const stopped = new Promise<void>((resolve) =>
    stop.addEventListener("abort", () => resolve(), { once: true }),
  );
  try {
    let lookedAt = performance.now();
    const before = await read();
    let run = before;
    while (!hasEnded(run) && isSame(before, run) && !stop.aborted) {
      await Promise.race([wake.promise, stopped]);
      wake = Promise.withResolvers();
      const pauseMs = lookedAt + shortestWaitMs - performance.now();
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
      lookedAt = performance.now();
      run = await read();
    }
    return run;
  } finally {
    unsubscribe();
  }
}

function hasEnded(run: EvalRunResponse): boolean {
  return run.status === "COMPLETED" || run.status === "FAILED";
}

function isSame(before: EvalRunResponse, now: EvalRunResponse): boolean {
  return (
    before.status === now.status &&
    before.evaluated_count === now.evaluated_count &&
    before.failed_count === now.failed_count
  );
}
