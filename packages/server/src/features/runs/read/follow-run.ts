import { setTimeout as sleep } from "node:timers/promises";
import type { EvalRunResponse } from "@pandaprobe/contract";
import { hasEnded } from "../has-ended.ts";
import type { RunListener } from "./run-listener.ts";

/** A run that moves fast is looked at no more often than this, unless it ends. */
const shortestPauseMs = 250;
/**
 * A run that nothing is heard of is looked at this often: that it waits for a provider is told by nobody. Proxies close what
 * is silent for a minute, or half of one.
 */
const longestPauseMs = 5_000;

export interface FollowOptions {
  readonly runs: RunListener;
  readonly runId: string;
  readonly read: () => Promise<EvalRunResponse>;
  /** Ends it, after a last look. */
  readonly stop: AbortSignal;
  /** Default: 250 ms. The end is told without it. */
  readonly shortestPauseMs?: number | undefined;
  /** Default: 5 seconds. */
  readonly longestPauseMs?: number | undefined;
}

/**
 * The run as it stands, then whenever its status or counts have changed, or whether it waits for a provider, until it has
 * ended; `null` for each long while in which nothing was heard.
 *
 * @throws what `read` throws, as where the run is gone.
 */
export async function* followRun(options: FollowOptions): AsyncGenerator<EvalRunResponse | null, void> {
  const { runs, runId, read, stop } = options;
  let wake = Promise.withResolvers<void>();
  const news = () => wake.resolve();
  const over = new AbortController();
  const noPause = AbortSignal.any([stop, over.signal]);
  // Subscribed before the first look, so that no change falls between the two.
  const unsubscribe = runs.subscribe(runId, (change) => {
    news();
    if (change === "ended") over.abort();
  });
  stop.addEventListener("abort", news, { once: true });
  try {
    let lookedAt = performance.now();
    let run = await read();
    yield run;
    while (!hasEnded(run) && !stop.aborted) {
      let isQuiet = false;
      const quiet = setTimeout(() => {
        isQuiet = true;
        news();
      }, options.longestPauseMs ?? longestPauseMs);
      await wake.promise;
      clearTimeout(quiet);
      wake = Promise.withResolvers();
      const pauseMs = lookedAt + (options.shortestPauseMs ?? shortestPauseMs) - performance.now();
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: noPause }).catch(() => undefined);
      lookedAt = performance.now();
      const before = run;
      run = await read();
      if (runState(run) !== runState(before)) yield run;
      else if (isQuiet) yield null;
    }
  } finally {
    unsubscribe();
    stop.removeEventListener("abort", news);
  }
}

/** Says how far a run has come: the same as long as its status and counts are, and whether it waits for a provider. */
export function runState(run: EvalRunResponse): string {
  const waits = run.waiting_for === null ? "" : "-waiting";
  return `${run.status}-${run.evaluated_count}-${run.failed_count}${waits}`;
}
