import { sleep } from "../async/sleep.ts";
import { stoppable } from "../async/stoppable.ts";
import { isConnectionError } from "../errors/connection-errors.ts";
import { isRetryable, retryAfterMs } from "../errors/retryable.ts";
import { RunWaitTimeoutError } from "../errors/run-errors.ts";
import type { EvalRunResponse } from "../generated/types.ts";
import { checkedTimeout, longestTimeoutMs } from "../options/checked-number.ts";
import { pollBackoff } from "./poll-backoff.ts";
import { hasEnded, progressMeter, type RunProgress } from "./run-progress.ts";
import type { RunSource } from "./run-source.ts";

const defaultTimeoutMs = 30 * 60_000;
const defaultPollIntervalMs = 500;
/** Well under the minute after which proxies close a silent connection. */
const longestWaitSeconds = 30;
/** Servers send something every few seconds. If nothing arrives for longer, a proxy is holding the stream back. */
const longestSilenceMs = 20_000;

/** Options of watching a run. */
export interface WatchRunOptions {
  /** How long to wait in all, in milliseconds. The last poll may add up to 5 seconds. Default: 30 minutes. */
  readonly timeoutMs?: number | undefined;
  /**
   * How long the run may go without a change of its status or counts, in milliseconds, before the wait ends with a
   * `RunWaitTimeoutError` whose `code` is `stalled`. Default: no limit.
   */
  readonly stallTimeoutMs?: number | undefined;
  /** Ends the wait, which then rejects with the signal's reason. The run continues. */
  readonly signal?: AbortSignal | undefined;
  /** The shortest time between two polls, in milliseconds. Default: 500. */
  readonly pollIntervalMs?: number | undefined;
}

/** {@link followRun} with streams. Its `return()` ends a poll, a stream or a pause in progress. */
export function watchRun(
  source: RunSource,
  runOrId: EvalRunResponse | string,
  options: WatchRunOptions = {},
): AsyncGenerator<RunProgress, void, undefined> {
  return stoppable(options.signal, (signal) => followRun(source, runOrId, { ...options, signal }, true));
}

/**
 * Yields the progress of a run, at the start and at every change, until it has ended. Uses the run's events while a
 * stream works, and polls otherwise. A poll follows each stream, so that nothing between two streams is missed.
 *
 * The functions are closures over one state, because objects with a property for each part would add 110 to 220 bytes
 * to every bundle.
 *
 * @param canStream whether a stream is worth opening.
 */
export async function* followRun(
  source: RunSource,
  runOrId: EvalRunResponse | string,
  options: WatchRunOptions,
  canStream = false,
): AsyncGenerator<RunProgress, void, undefined> {
  const { signal } = options;
  const timeoutMs = checkedTimeout(options, "timeoutMs", defaultTimeoutMs);
  const stallMs = checkedTimeout(options, "stallTimeoutMs", longestTimeoutMs);
  const floorMs = checkedTimeout(options, "pollIntervalMs", defaultPollIntervalMs);
  const end = performance.now() + timeoutMs;
  /** The deadline, or earlier if the run counts as stalled before it. */
  let deadline = end;
  const onMove = () => {
    deadline = Math.min(end, performance.now() + stallMs);
  };
  onMove();
  const progressOf = progressMeter(onMove);
  const nextPause = pollBackoff(floorMs);

  /** As last seen; `null` before the first poll. */
  let run = typeof runOrId === "string" ? null : runOrId;
  const runId = run?.id ?? `${runOrId}`;
  /** Why the last poll failed; `undefined` if it did not. */
  let failure: unknown;
  /** When the last poll began, and when it had a result, or failed. */
  let pollBeganAt = -longestTimeoutMs;
  let polledAt = pollBeganAt;
  let pauseMs = floorMs;
  let lastEventId: string | undefined;

  /** To be called each time the run is seen. */
  function* changes(): Generator<RunProgress, void> {
    const progress = run && progressOf(run);
    pauseMs = nextPause(progress !== null);
    if (progress) yield progress;
  }

  /**
   * Follows the run's events until the run or the stream ends. A stream that breaks off after an event may be resumed;
   * if it fails otherwise, is silent or has no events, no stream is opened again.
   */
  async function* streamRun(known: EvalRunResponse): AsyncGenerator<RunProgress, void> {
    const silenceMs = () => Math.max(1, Math.min(longestSilenceMs, deadline - performance.now()));
    const opening = {
      lastEventId,
      timeoutMs: silenceMs(),
      silenceMs,
      retries: 0,
      signal,
      handles: () => true,
    };
    canStream = false;
    try {
      for await (const { id, data } of source.stream(known, opening)) {
        canStream = true;
        lastEventId = id;
        if ("status" in data) run = data;
        yield* changes();
        if (run && hasEnded(run)) return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!isConnectionError(error)) canStream = false;
    }
  }

  /**
   * Reads the run after the pause. The server holds its response until something changes, if it can. A retryable
   * failure (no connection, a 5xx, a rate limit) is noted, and the next poll is delayed.
   */
  async function pollRun(): Promise<void> {
    const askedMs = retryAfterMs(failure);
    const soonestPoll = Math.max(pollBeganAt + floorMs, polledAt + askedMs);
    const nextPoll = polledAt + Math.max(pauseMs, askedMs);
    // The last poll begins at the deadline, unless that is too soon after the one before. A process that was frozen
    // when the deadline passed makes it late, instead of timing out on an old state.
    await sleep(Math.min(nextPoll, deadline) - performance.now(), signal);
    const now = performance.now();
    if (pollBeganAt >= deadline || soonestPoll > Math.max(deadline, now)) {
      const isStalled = deadline < end;
      throw new RunWaitTimeoutError(runId, run, isStalled ? stallMs : timeoutMs, isStalled, failure);
    }
    polledAt = pollBeganAt = now;
    const remainingMs = deadline - now;
    failure = undefined;
    try {
      run = await source.read(runId, run, {
        // In whole seconds, minus one for the response to arrive. A poll between two streams does not wait.
        waitSeconds:
          run && !canStream
            ? Math.max(0, Math.min(longestWaitSeconds, Math.floor(remainingMs / 1000) - 1))
            : 0,
        // The last poll ends at most 5 seconds after the deadline, and the one before it leaves it one of these
        // seconds. A poll that begins even later follows a freeze, and also gets 5 seconds.
        totalTimeoutMs:
          remainingMs > -4_000 ? Math.max(remainingMs, Math.min(4_000, remainingMs + 5_000)) : 5_000,
        // The client's own retries would come earlier than the poll interval.
        retries: 0,
        signal,
        handles: isRetryable,
      });
    } catch (error) {
      if (!isRetryable(error)) throw error;
      failure = error;
      // If a poll took long to fail, the pause begins at its end.
      polledAt = performance.now();
    }
  }

  for (;;) {
    yield* changes();
    if (run && canStream && !failure && !hasEnded(run)) yield* streamRun(run);
    if (run && hasEnded(run)) return;
    await pollRun();
  }
}
