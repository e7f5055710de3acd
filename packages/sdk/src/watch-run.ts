import type { Answer } from "./answer.ts";
import { checkedTimeout, longestTimeoutMs } from "./checked-number.ts";
import { askedPauseMs } from "./errors/asked-pause-ms.ts";
import { RunWaitTimeoutError } from "./errors/run-wait-timeout-error.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import { hasEnded } from "./has-ended.ts";
import { lookAtRun } from "./look-at-run.ts";
import { pace } from "./pace.ts";
import type { GetRunOptions } from "./request-options.ts";
import { progressMeter, type RunProgress } from "./run-progress.ts";
import { sleep } from "./sleep.ts";

const defaultTimeoutMs = 30 * 60_000;
const defaultPollIntervalMs = 500;
/** Well under the minute after which proxies cut a silent connection. */
const longestWaitSeconds = 30;
/** What a look may take that starts at the deadline, or just before. */
const lastLookMs = 5_000;

export interface WatchRunOptions {
  /** How long to wait in all, in milliseconds; the last look may add up to 5 seconds. Default: 30 minutes. */
  readonly timeoutMs?: number | undefined;
  /**
   * How long nothing may change about the run (its status, its counts), in milliseconds, before it counts as stalled and
   * the waiting ends with a `RunWaitTimeoutError` whose `code` is `stalled`. Default: any time.
   */
  readonly stallTimeoutMs?: number | undefined;
  /** Ends the waiting (the run goes on), which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The least time between two looks at the run, in milliseconds. Default: 500. */
  readonly pollIntervalMs?: number | undefined;
}

/** Reads a run, whatever it evaluates. */
export type ReadRun = (runId: string, options: GetRunOptions) => Promise<Answer<EvalRunResponse>>;

/**
 * {@link looks}, whose `return()` ends a look or a pause that it is in. Once the server streams a run's events, they come
 * in here instead of looks.
 */
export function watchRun(
  read: ReadRun,
  runOrId: EvalRunResponse | string,
  options: WatchRunOptions = {},
): AsyncGenerator<RunProgress, void, undefined> {
  const stop = new AbortController();
  const signals = options.signal === undefined ? [] : [options.signal];
  const all = looks(read, runOrId, { ...options, signal: AbortSignal.any([...signals, stop.signal]) }, stop);
  const end = all.return.bind(all);
  return Object.assign(all, {
    return: () => {
      stop.abort(stop);
      return end();
    },
  });
}

/**
 * Looks at a run until it has ended, and tells of every change: by long polls where the server holds its answer for news,
 * else by polls that grow apart. What may pass (no connection, a 5xx, a rate limit) is waited out.
 *
 * @param stopped the reason for which the signal ends it without an error.
 */
export async function* looks(
  read: ReadRun,
  runOrId: EvalRunResponse | string,
  options: WatchRunOptions,
  stopped?: unknown,
): AsyncGenerator<RunProgress, void, undefined> {
  const { signal } = options;
  const timeoutMs = checkedTimeout("timeoutMs", options.timeoutMs ?? defaultTimeoutMs);
  const stallMs = checkedTimeout("stallTimeoutMs", options.stallTimeoutMs ?? longestTimeoutMs);
  const floorMs = checkedTimeout("pollIntervalMs", options.pollIntervalMs ?? defaultPollIntervalMs);
  const nextPause = pace(floorMs);
  const progressOf = progressMeter();
  const end = performance.now() + timeoutMs;
  const [runId, given] = typeof runOrId === "string" ? [runOrId, null] : [runOrId.id, runOrId];
  let run = given;
  let deadline = Math.min(end, performance.now() + stallMs);
  let isLastLook = false;
  const first = run && progressOf(run);
  if (first !== null) yield first;

  try {
    while (run === null || !hasEnded(run)) {
      const lookedAt = performance.now();
      const remainingMs = deadline - lookedAt;
      const look = await lookAtRun(() =>
        read(runId, {
          waitSeconds: run === null ? undefined : waitSeconds(remainingMs),
          totalTimeoutMs: Math.max(remainingMs, lastLookMs),
          // Retried here alone, or the poll interval would not be the least time between two looks.
          retries: 0,
          signal,
        }),
      );
      run = look.run ?? run;
      const news = look.run && progressOf(look.run);
      if (news !== null) {
        deadline = Math.min(end, performance.now() + stallMs);
        isLastLook = false;
        yield news;
        if (hasEnded(news.run)) return;
      }

      const now = performance.now();
      const pauseMs = Math.max(nextPause(news !== null || look.waited), askedPauseMs(look.failure));
      const nextLook = (look.run === null ? now : lookedAt) + pauseMs;
      // The last look comes at the deadline, unless that is too soon after this one.
      const soonestLook = Math.max(lookedAt + floorMs, now + askedPauseMs(look.failure));
      const wasLastLook = isLastLook || now >= deadline;
      isLastLook = nextLook >= deadline;
      if (!wasLastLook) await sleep(Math.min(nextLook, deadline) - now, signal);
      if (wasLastLook || (isLastLook && soonestLook > deadline)) {
        const isStalled = deadline < end;
        const waitedMs = isStalled ? stallMs : timeoutMs;
        throw new RunWaitTimeoutError(runId, run, waitedMs, isStalled, look.failure);
      }
    }
  } catch (error) {
    if (error !== stopped || stopped === undefined) throw error;
  }
}

/** How long the server may hold its answer: the whole seconds that leave one for the answer to arrive. */
function waitSeconds(remainingMs: number): number | undefined {
  const seconds = Math.min(longestWaitSeconds, Math.floor(remainingMs / 1000) - 1);
  return seconds > 0 ? seconds : undefined;
}
