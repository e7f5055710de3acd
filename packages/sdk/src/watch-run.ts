import { checkedTimeout, longestTimeoutMs } from "./checked-number.ts";
import { askedPauseMs } from "./errors/asked-pause-ms.ts";
import { isConnectionError } from "./errors/connection-error.ts";
import { mayPass } from "./errors/may-pass.ts";
import { RunWaitTimeoutError } from "./errors/run-wait-timeout-error.ts";
import type { EvalRunResponse } from "./generated/types.ts";
import { hasEnded } from "./has-ended.ts";
import type { OperationOptions } from "./operation.ts";
import { pace } from "./pace.ts";
import type { RunEvent } from "./run-events.ts";
import { progressMeter, type RunProgress } from "./run-progress.ts";
import { sleep } from "./sleep.ts";
import { stoppable } from "./stoppable.ts";

const defaultTimeoutMs = 30 * 60_000;
const defaultPollIntervalMs = 500;
/** Well under the minute after which proxies cut a silent connection. */
const longestWaitSeconds = 30;
/** What a look may take that starts at the deadline, or just before. */
const shortestLookMs = 5_000;
/** Servers break the silence of a stream every few seconds: one that is longer is a proxy's, which keeps the stream to itself. */
const longestSilenceMs = 20_000;

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

/** Reads a run, whatever it evaluates: as what is known of it tells, which is nothing at first where there is but an id. */
export type ReadRun = (
  runId: string,
  run: EvalRunResponse | null,
  options: OperationOptions,
) => Promise<EvalRunResponse>;

/** Streams the events of a run; `silenceMs` tells how long nothing may come from now on. */
export type StreamRun = (
  run: EvalRunResponse,
  options: OperationOptions,
  silenceMs: () => number,
) => AsyncGenerator<RunEvent, void, undefined>;

/** {@link looks}, whose `return()` ends a look, a stream or a pause that it is in. */
export function watchRun(
  read: ReadRun,
  stream: StreamRun,
  runOrId: EvalRunResponse | string,
  options: WatchRunOptions = {},
): AsyncGenerator<RunProgress, void, undefined> {
  return stoppable(options.signal, (signal) => looks(read, runOrId, { ...options, signal }, stream));
}

/**
 * Looks at a run until it has ended, and tells of every change: by its events while a stream of them works, else by long
 * polls where the server holds its answer for news, else by polls that grow apart. What may pass (no connection, a 5xx, a
 * rate limit) is waited out.
 *
 * Whatever a stream does, a look comes after it, so that none of it costs news. One that breaks off is then resumed; one
 * that cannot be had, is silent, or brings nothing is not asked for again.
 */
export async function* looks(
  read: ReadRun,
  runOrId: EvalRunResponse | string,
  options: WatchRunOptions,
  stream?: StreamRun,
): AsyncGenerator<RunProgress, void, undefined> {
  const { signal } = options;
  const timeoutMs = checkedTimeout(options, "timeoutMs", defaultTimeoutMs);
  const stallMs = checkedTimeout(options, "stallTimeoutMs", longestTimeoutMs);
  const floorMs = checkedTimeout(options, "pollIntervalMs", defaultPollIntervalMs);
  const nextPause = pace(floorMs);
  const end = performance.now() + timeoutMs;
  let deadline = end;
  const onMove = () => {
    deadline = Math.min(end, performance.now() + stallMs);
  };
  onMove();
  const progressOf = progressMeter(onMove);
  const runId = typeof runOrId === "string" ? runOrId : runOrId.id;
  /** As it was last seen; `null` where it never was. */
  let run = typeof runOrId === "string" ? null : runOrId;
  /** What the last look met, where that was no run. */
  let failure: unknown;
  /** When the last look was: at first, longer ago than any pause. */
  let lookedAt = -longestTimeoutMs;
  let events = stream;
  let following: AsyncGenerator<RunEvent, void, undefined> | undefined;
  let lastEventId: string | undefined;

  for (;;) {
    const news = run && progressOf(run);
    const askedMs = askedPauseMs(failure);
    const soonestLook = lookedAt + Math.max(floorMs, askedMs);
    const nextLook = lookedAt + Math.max(nextPause(news !== null), askedMs);
    if (news !== null) yield news;
    if (run !== null && hasEnded(run)) return;

    if (events !== undefined && following === undefined && run !== null && failure === undefined) {
      const limitMs = () => Math.max(1, Math.min(longestSilenceMs, deadline - performance.now()));
      const opening = { lastEventId, timeoutMs: limitMs(), retries: 0, signal, handles: () => true };
      following = events(run, opening, limitMs);
      events = undefined;
    }
    try {
      const { value } = (await following?.next()) ?? {};
      if (value) {
        // It works, and is worth opening again.
        events = stream;
        lastEventId = value.id;
        if ("status" in value.data) run = value.data;
        continue;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!isConnectionError(error)) events = undefined;
    }
    following = undefined;

    // The last look comes at the deadline, unless that is too soon after the one before.
    await sleep(Math.min(nextLook, deadline) - performance.now(), signal);
    if (soonestLook > deadline) {
      const isStalled = deadline < end;
      throw new RunWaitTimeoutError(runId, run, isStalled ? stallMs : timeoutMs, isStalled, failure);
    }
    lookedAt = performance.now();
    const remainingMs = deadline - lookedAt;
    failure = undefined;
    try {
      run = await read(runId, run, {
        // Whole seconds, that leave one for the answer to arrive. One after a stream is answered at once, for the next to begin.
        waitSeconds:
          run && !events ? Math.max(0, Math.min(longestWaitSeconds, Math.floor(remainingMs / 1000) - 1)) : 0,
        totalTimeoutMs: Math.max(remainingMs, shortestLookMs),
        // Retried here alone, or the poll interval would not be the least time between two looks.
        retries: 0,
        signal,
        handles: mayPass,
      });
    } catch (error) {
      if (!mayPass(error)) throw error;
      failure = error;
      // One that was long in failing is no reason to ask again at once.
      lookedAt = performance.now();
    }
  }
}
