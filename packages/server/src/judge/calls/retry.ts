import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "./backoff.ts";
import type { Failure } from "./failure.ts";

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly callTimeoutMs: number;
  /** For all tries and the waits between them, without the time spent in line. */
  readonly questionTimeoutMs: number;
  readonly firstBackoffMs: number;
}

export interface Attempt {
  /** Counts from 1. */
  readonly number: number;
  readonly timeoutMs: number;
  /** What became of the try before this one. */
  readonly previous: Failure | undefined;
  /** To be called once the try really begins: the wait in line before it is not counted. */
  begun(): void;
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /** Whether an error says nothing about the call, and is thrown as it is. */
  passes(error: unknown): boolean;
  diagnose(error: unknown): Failure;
  /** The error to give up with. */
  giveUp(failure: Failure, tries: number, spentMs: number, cause: unknown): Error;
}

/** With less than this left, another try is not worth its cost. */
const SHORTEST_TRY_MS = 1_000;

/**
 * The one place where calls are retried. Ends within the policy's time, whatever the provider does.
 *
 * @throws what `giveUp` makes of the last failure; whatever `signal` was aborted with.
 */
export async function retry<T>(
  attempt: (attempt: Attempt) => Promise<T>,
  { policy, signal, passes, diagnose, giveUp }: RetryOptions,
): Promise<T> {
  let previous: Failure | undefined;
  let leftMs = policy.questionTimeoutMs;
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    let begunAt: number | undefined;
    try {
      return await attempt({
        number: tries,
        timeoutMs: Math.min(policy.callTimeoutMs, leftMs),
        previous,
        begun: () => {
          begunAt = performance.now();
        },
      });
    } catch (error) {
      signal.throwIfAborted();
      if (passes(error)) throw error;
      leftMs -= begunAt === undefined ? 0 : performance.now() - begunAt;
      const failure = diagnose(error);
      const waitMs = backoffMs(tries, policy.firstBackoffMs, failure.retryAfterMs);
      const inTime = leftMs - waitMs >= Math.min(SHORTEST_TRY_MS, policy.callTimeoutMs);
      if (!failure.retriable || tries >= policy.maxAttempts || !inTime) {
        throw giveUp(failure, tries, policy.questionTimeoutMs - leftMs, error);
      }
      await pause(waitMs, signal);
      leftMs -= waitMs;
      previous = failure;
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
