import { setTimeout as sleep } from "node:timers/promises";
import type { CallFailure } from "../call/classify-error.ts";
import { backoffMs } from "./backoff.ts";
import { LineUpAgain } from "./line-up-again.ts";

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly callTimeoutMs: number;
  /** For all tries and the waits between them, without the time spent in line. */
  readonly questionTimeoutMs: number;
  readonly firstBackoffMs: number;
  /** How long a model may refuse a question for there are too many, before it is given up. */
  readonly patienceMs: number;
}

export interface Attempt {
  /** Counts calls from 1. */
  readonly number: number;
  readonly timeoutMs: number;
  /** What became of the try before this one. */
  readonly previous: CallFailure | undefined;
  /** Whether others should go first: it has found the model down, and would hold up who might find it back. */
  readonly goesLast: boolean;
  /** To be called once the try really begins: the wait in line before it is not counted. */
  begun(): void;
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /** Whether an error says nothing about the call, and is thrown as it is. */
  passes(error: unknown): boolean;
  /** `isSpared`: the try was to find out whether the model is back, and it is not: that costs the question nothing. */
  diagnose(error: unknown): CallFailure & { readonly isSpared?: boolean };
  /** The error to give up with. */
  giveUp(failure: CallFailure, tries: number, spentMs: number, cause: unknown): Error;
}

/** With less than this left, another try is not worth its cost. */
const SHORTEST_TRY_MS = 1_000;

/** What becomes of a question from try to try. */
interface Course {
  /** Those that count. */
  tries: number;
  leftMs: number;
  previous: CallFailure | undefined;
  goesLast: boolean;
  /** Refusals in a row for there were too many questions, and when they began. */
  throttles: number;
  throttledSince: number;
  /** All calls that were made. */
  calls: number;
}

/**
 * The one place where calls are retried. Ends within the policy's time, whatever the provider does; the time that a model is
 * left alone is not counted, and is bounded where questions line up.
 *
 * @throws what `giveUp` makes of the last failure; whatever `signal` was aborted with.
 */
export async function retry<T>(attempt: (attempt: Attempt) => Promise<T>, options: RetryOptions): Promise<T> {
  const { policy, signal } = options;
  const course: Course = {
    tries: 0,
    leftMs: policy.questionTimeoutMs,
    previous: undefined,
    goesLast: false,
    throttles: 0,
    throttledSince: 0,
    calls: 0,
  };
  for (;;) {
    signal.throwIfAborted();
    let begunAt: number | undefined;
    const { goesLast } = course;
    course.goesLast = false;
    try {
      return await attempt({
        number: course.calls + 1,
        timeoutMs: Math.min(policy.callTimeoutMs, course.leftMs),
        previous: course.previous,
        goesLast,
        begun: () => {
          begunAt = performance.now();
        },
      });
    } catch (error) {
      signal.throwIfAborted();
      const tookMs = begunAt === undefined ? 0 : performance.now() - begunAt;
      if (error instanceof LineUpAgain) {
        await error.wait(signal);
        continue;
      }
      const waitMs = goOn(course, error, tookMs, options);
      if (waitMs > 0) await pause(waitMs, signal);
    }
  }
}

/** @returns how long to wait before the next try. @throws where there is none. */
function goOn(course: Course, error: unknown, tookMs: number, options: RetryOptions): number {
  if (options.passes(error)) throw error;
  const failure = options.diagnose(error);
  course.calls += 1;
  if (failure.scope === "rate" && failure.isRetryable) return afterThrottle(course, failure, error, options);
  course.throttles = 0;
  if (failure.isSpared) {
    course.goesLast = true;
    return 0;
  }
  const { policy } = options;
  course.tries += 1;
  course.leftMs -= tookMs;
  const waitMs = backoffMs(course.tries, policy.firstBackoffMs, failure.retryAfterMs);
  const inTime = course.leftMs - waitMs >= Math.min(SHORTEST_TRY_MS, policy.callTimeoutMs);
  if (!failure.isRetryable || course.tries >= policy.maxAttempts || !inTime) {
    throw options.giveUp(failure, course.calls, policy.questionTimeoutMs - course.leftMs, error);
  }
  course.leftMs -= waitMs;
  course.previous = failure;
  return waitMs;
}

/**
 * It is not the question's fault that there are too many: it costs no try. The first time it lines up again at once, for
 * the model is left alone as long as it takes; after that it also waits for itself, for it may be too large to be taken.
 */
function afterThrottle(course: Course, failure: CallFailure, error: unknown, options: RetryOptions): number {
  const { firstBackoffMs, patienceMs } = options.policy;
  const now = performance.now();
  if (course.throttles === 0) course.throttledSince = now;
  course.throttles += 1;
  const waitMs = course.throttles === 1 ? 0 : backoffMs(course.throttles - 1, firstBackoffMs, null);
  const waitedMs = now - course.throttledSince;
  if (waitedMs + Math.max(waitMs, failure.retryAfterMs ?? 0) > patienceMs) {
    throw options.giveUp(failure, course.calls, waitedMs, error);
  }
  return waitMs;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
