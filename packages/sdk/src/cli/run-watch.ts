import {
  type EvalRunResponse,
  isConnectionError,
  isServerError,
  isTimeoutError,
  type PandaProbe,
  type RunProgress,
  type RunWait,
} from "@pandaprobe/sdk";
import { readRun } from "./run-client.ts";

/** The progress of a run, and what it waits for. */
export interface Progress extends Omit<RunProgress, "waitingFor"> {
  /** The model that the run waits for, if any; `"server"` if the server itself does not respond. */
  readonly waitingFor: RunWait | "server" | null;
}

export interface WatchOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Often enough for people, but not too often for a server with many watchers. */
const pollEveryMs = 3_000;

/**
 * Waits for the end of a run. The run is also polled separately, because the wait reports no progress while the server
 * is unreachable, and older servers report none when only `waiting_for` changes.
 *
 * @throws what `waitForRun` throws, except for a run that failed.
 */
export async function endedRun(
  client: PandaProbe,
  runOrId: EvalRunResponse | string,
  { timeoutMs, signal, onProgress }: WatchOptions,
): Promise<EvalRunResponse> {
  let last: RunProgress | undefined;
  const over = new AbortController();
  const poll = async ({ run }: RunProgress) => {
    const options = { retries: 0, timeoutMs: pollEveryMs, signal: over.signal };
    const waitingFor = await readRun(client, run, options).then(
      (seen) => seen.waiting_for ?? null,
      // The wait meets any other failure too, and reports it.
      (error) => (isAway(error) ? "server" : undefined),
    );
    // Counts and rates come from the wait, which may already have newer ones.
    if (waitingFor !== undefined && last !== undefined && !over.signal.aborted)
      onProgress({ ...last, waitingFor });
  };
  const polls = setInterval(() => {
    if (last !== undefined) void poll(last);
  }, pollEveryMs);
  try {
    return await client.waitForRun(runOrId, {
      timeoutMs,
      signal,
      throwOnFailed: false,
      onProgress(progress) {
        last = progress;
        onProgress(progress);
      },
    });
  } finally {
    clearInterval(polls);
    over.abort();
  }
}

const isAway = (error: unknown): boolean =>
  isConnectionError(error) || isTimeoutError(error) || isServerError(error);
