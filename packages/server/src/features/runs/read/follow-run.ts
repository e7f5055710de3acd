import { setTimeout as sleep } from "node:timers/promises";
import type { EvalRunResponse } from "@pandaprobe/contract";
import { isOpen, runState } from "@pandaprobe/contract/rules";
import type { RunListener } from "./run-listener.ts";

/** A run that changes all the time is read this often at most, except when it ends. */
const shortestPauseMs = 250;
/**
 * Without notifications the run is read this often, because none says that a run waits for a provider, and some proxies
 * close connections that are silent for 30 seconds.
 */
const longestPauseMs = 5_000;

export interface FollowOptions {
  readonly runs: RunListener;
  readonly runId: string;
  readonly read: () => Promise<EvalRunResponse>;
  /** Ends it after the run has been read once more. */
  readonly stop: AbortSignal;
  /** The shortest pause between two reads, in milliseconds; the end of the run is reported without it. Default: 250. */
  readonly shortestPauseMs?: number | undefined;
  /** The longest pause between two reads, in milliseconds. Default: 5,000. */
  readonly longestPauseMs?: number | undefined;
}

/**
 * Yields the run now and after every change of its status or counts, or of whether it waits for a provider, until it
 * has ended. Yields `null` for each `longestPauseMs` without a change.
 *
 * @throws what `read` throws, for example because the run was deleted.
 */
export async function* followRun(options: FollowOptions): AsyncGenerator<EvalRunResponse | null, void> {
  const { runs, runId, read, stop } = options;
  let wake = Promise.withResolvers<void>();
  const wakeUp = () => wake.resolve();
  const over = new AbortController();
  const noPause = AbortSignal.any([stop, over.signal]);
  // Subscribe before the first read, so that no change is missed in between.
  const unsubscribe = runs.subscribe(runId, (change) => {
    wakeUp();
    if (change === "ended") over.abort();
  });
  stop.addEventListener("abort", wakeUp, { once: true });
  try {
    let readAt = performance.now();
    let run = await read();
    yield run;
    while (isOpen(run) && !stop.aborted) {
      let isQuiet = false;
      const quiet = setTimeout(() => {
        isQuiet = true;
        wakeUp();
      }, options.longestPauseMs ?? longestPauseMs);
      await wake.promise;
      clearTimeout(quiet);
      wake = Promise.withResolvers();
      const pauseMs = readAt + (options.shortestPauseMs ?? shortestPauseMs) - performance.now();
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: noPause }).catch(() => undefined);
      readAt = performance.now();
      const before = run;
      run = await read();
      if (runState(run) !== runState(before)) yield run;
      else if (isQuiet) yield null;
    }
  } finally {
    unsubscribe();
    stop.removeEventListener("abort", wakeUp);
  }
}

/**
 * Waits for the first change that {@link followRun} reports. Returns at once if the run has ended, and returns the run
 * unchanged when `stop` is aborted.
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
