import type { Answer } from "./answer.ts";
import { checkedTimeout } from "./checked-number.ts";
import { RunFailedError } from "./errors/run-failed-error.ts";
import { RunWaitTimeoutError } from "./errors/run-wait-timeout-error.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import { hasEnded } from "./has-ended.ts";
import { lookAtRun } from "./look-at-run.ts";
import { Pace } from "./pace.ts";
import type { GetRunOptions } from "./request-options.ts";
import { ProgressReport, type RunProgress } from "./run-progress.ts";
import { sleep } from "./sleep.ts";

const defaultTimeoutMs = 30 * 60_000;
const defaultPollIntervalMs = 500;
/** Well under the minute after which proxies cut a silent connection. */
const longestWaitSeconds = 30;
/** What a look may take that starts at the deadline, or just before. */
const lastLookMs = 5_000;

export interface WaitForRunOptions {
  /** How long to wait in all, in milliseconds; the last look may add up to 5 seconds. Default: 30 minutes. */
  readonly timeoutMs?: number | undefined;
  /** Ends the waiting (the run goes on), which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called with how far the run has come: at first sight, then on every change. What it throws ends the waiting. */
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
  /** The least time between two looks at the run, in milliseconds. Default: 500. */
  readonly pollIntervalMs?: number | undefined;
  /** Whether a FAILED run throws a `RunFailedError`; if not, it is returned. Default: true. */
  readonly throwOnFailed?: boolean | undefined;
}

/** Reads a run, whatever it evaluates. */
export type ReadRun = (runId: string, options: GetRunOptions) => Promise<Answer<EvalRunResponse>>;

/**
 * Looks at a run until it has ended: by long polls where the server holds its answer for news, else by polls that grow
 * apart. What may pass (no connection, a 5xx, a rate limit) is waited out.
 */
export async function waitForRun(
  read: ReadRun,
  runOrId: EvalRunResponse | string,
  options: WaitForRunOptions = {},
): Promise<EvalRunResponse> {
  const { signal, throwOnFailed = true } = options;
  const timeoutMs = checkedTimeout("timeoutMs", options.timeoutMs ?? defaultTimeoutMs);
  const floorMs = checkedTimeout("pollIntervalMs", options.pollIntervalMs ?? defaultPollIntervalMs);
  const pace = new Pace(floorMs);
  const report = new ProgressReport(options.onProgress);
  const deadline = performance.now() + timeoutMs;
  const runId = typeof runOrId === "string" ? runOrId : runOrId.id;
  let run = typeof runOrId === "string" ? null : runOrId;
  let isLastLook = false;
  if (run !== null) report.update(run);

  while (run === null || !hasEnded(run)) {
    const lookedAt = performance.now();
    const remainingMs = deadline - lookedAt;
    const request: GetRunOptions = {
      waitSeconds: run === null ? undefined : waitSeconds(remainingMs),
      totalTimeoutMs: Math.max(remainingMs, lastLookMs),
      // Retried here alone, or the poll interval would not be the least time between two looks.
      retries: 0,
      signal,
    };
    const look = await lookAtRun(() => read(runId, request));
    run = look.run ?? run;
    const isNews = look.run !== null && report.update(look.run);
    if (run !== null && hasEnded(run)) break;

    const now = performance.now();
    const pauseMs = pace.next(isNews || look.waited, look.retryAfterMs);
    const nextLook = (look.run === null ? now : lookedAt) + pauseMs;
    // The last look comes at the deadline, unless that is too soon after this one.
    const soonestLook = Math.max(lookedAt + floorMs, now + look.retryAfterMs);
    const wasLastLook = isLastLook || now >= deadline;
    isLastLook = nextLook >= deadline;
    if (!wasLastLook) await sleep(Math.min(nextLook, deadline) - now, signal);
    if (wasLastLook || (isLastLook && soonestLook > deadline)) {
      throw new RunWaitTimeoutError(runId, run, timeoutMs, look.failure);
    }
  }
  if (throwOnFailed && run.status === "FAILED") throw new RunFailedError(run);
  return run;
}

/** How long the server may hold its answer: the whole seconds that leave one for the answer to arrive. */
function waitSeconds(remainingMs: number): number | undefined {
  const seconds = Math.min(longestWaitSeconds, Math.floor(remainingMs / 1000) - 1);
  return seconds > 0 ? seconds : undefined;
}
