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
  /** As it was last seen; `null` where it never was. */
  let run = typeof runOrId === "string" ? null : runOrId;
  const runId = run?.id ?? `${runOrId}`;
  /** What the last look met, where that was no run. */
  let failure: unknown;
  /** When the last look began, and when it was, which for one that failed is its end: at first, longer ago than any pause. */
  let beganAt = -longestTimeoutMs;
  let lookedAt = beganAt;
  let events = stream;
  let following: AsyncGenerator<RunEvent, void, undefined> | undefined;
  let lastEventId: string | undefined;

  for (;;) {
    const news = run && progressOf(run);
    const askedMs = askedPauseMs(failure);
    const soonestLook = Math.max(beganAt + floorMs, lookedAt + askedMs);
    const nextLook = lookedAt + Math.max(nextPause(news !== null), askedMs);
    if (news) yield news;
    if (run && hasEnded(run)) return;

    if (events && !following && run && !failure) {
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

    // The last look begins at the deadline, unless that is too soon after the one before. A process that was frozen when
    // the deadline passed begins it late: what it saw before is no reason to give up.
    await sleep(Math.min(nextLook, deadline) - performance.now(), signal);
    const now = performance.now();
    if (beganAt >= deadline || soonestLook > Math.max(deadline, now)) {
      const isStalled = deadline < end;
      throw new RunWaitTimeoutError(runId, run, isStalled ? stallMs : timeoutMs, isStalled, failure);
    }
    lookedAt = beganAt = now;
    const remainingMs = deadline - now;
    failure = undefined;
    try {
      run = await read(runId, run, {
        // Whole seconds, that leave one for the answer to arrive. One after a stream is answered at once, for the next to begin.
        waitSeconds:
          run && !events ? Math.max(0, Math.min(longestWaitSeconds, Math.floor(remainingMs / 1000) - 1)) : 0,
        // The last look ends at most 5 seconds after the deadline, and the one before leaves it a second of them. A look that
        // begins even later follows a freeze, and has 5 seconds too.
        totalTimeoutMs:
          remainingMs > -4_000 ? Math.max(remainingMs, Math.min(4_000, remainingMs + 5_000)) : 5_000,
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
