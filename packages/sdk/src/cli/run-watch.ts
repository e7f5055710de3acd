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

/** How far a run has come, and what keeps it. */
export interface Progress extends Omit<RunProgress, "waitingFor"> {
  /** The provider that the run waits for, if it does; `"server"` where the server itself does not answer. */
  readonly waitingFor: RunWait | "server" | null;
}

export interface WatchOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Soon enough for somebody who watches, and seldom enough for a server that many watch. */
const lookEveryMs = 3_000;

/**
 * Waits for the end of a run. A server that is gone has no news to tell, and an older one does not count as news what the
 * run waits for: so the run is looked at besides.
 *
 * @throws RunWaitTimeoutError, and whatever a wait for a run ends with; but not for a run that failed.
 */
export async function endedRun(
  client: PandaProbe,
  runOrId: EvalRunResponse | string,
  { timeoutMs, signal, onProgress }: WatchOptions,
): Promise<EvalRunResponse> {
  let last: RunProgress | undefined;
  const over = new AbortController();
  const look = async ({ run }: RunProgress) => {
    const options = { retries: 0, timeoutMs: lookEveryMs, signal: over.signal };
    const waitingFor = await readRun(client, run, options).then(
      (seen) => seen.waiting_for ?? null,
      // What else goes wrong, the wait finds out too, and says it.
      (error) => (isAway(error) ? "server" : undefined),
    );
    // Counts and rates come from the wait alone, which may have had news meanwhile.
    if (waitingFor !== undefined && last !== undefined && !over.signal.aborted)
      onProgress({ ...last, waitingFor });
  };
  const looks = setInterval(() => {
    if (last !== undefined) void look(last);
  }, lookEveryMs);
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
    clearInterval(looks);
    over.abort();
  }
}

const isAway = (error: unknown): boolean =>
  isConnectionError(error) || isTimeoutError(error) || isServerError(error);
