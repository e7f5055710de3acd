import type { CallFailure } from "./call-failure.ts";

export interface RetryPolicy {
  /** How many attempts a question gets, including the first. 429s and probes of a model that is down do not count. */
  readonly maxAttempts: number;
  readonly callTimeoutMs: number;
  /** The time for all calls of a question and the pauses between them. Time in the queue does not count. */
  readonly questionTimeoutMs: number;
  /** The longest pause after the first attempt. It doubles with each attempt, up to 30 s. */
  readonly firstBackoffMs: number;
  /** How long a model may answer a question with 429 before the question is given up. */
  readonly maxOutageMs: number;
}

/** How many calls and how much time a question has used. */
export interface Progress {
  /** All calls. */
  readonly calls: number;
  /** The calls that count as attempts. */
  readonly attempts: number;
  /** The remaining time, in milliseconds. */
  readonly leftMs: number;
  /** The number of 429s in a row, and when the first one came. */
  readonly throttles: number;
  readonly throttledSince: number;
}

export interface FailedCall {
  readonly failure: CallFailure;
  readonly tookMs: number;
  /** Whether the call was a probe that only showed that the model is still down. */
  readonly isFailedProbe: boolean;
}

/** What to do after a failed call: make another one after a pause, or give up. */
export type NextStep =
  | { readonly kind: "retry"; readonly waitMs: number; readonly progress: Progress }
  | { readonly kind: "give_up"; readonly calls: number; readonly spentMs: number };

const longestBackoffMs = 30_000;
/** In milliseconds. With less time left, another attempt is not worth its cost. */
const shortestAttemptMs = 1_000;

export function noProgress(policy: RetryPolicy): Progress {
  return { calls: 0, attempts: 0, leftMs: policy.questionTimeoutMs, throttles: 0, throttledSince: 0 };
}

/** Decides whether and when a failed call is retried. Pure: `now` is `performance.now()`, `random` is in [0, 1). */
export function nextStep(
  before: Progress,
  { failure, tookMs, isFailedProbe }: FailedCall,
  policy: RetryPolicy,
  now: number,
  random: number,
): NextStep {
  const calls = before.calls + 1;
  if (failure.scope === "rate" && failure.isRetryable) {
    return afterThrottle({ ...before, calls }, failure, policy, now, random);
  }
  // The model is down, which is not the question's fault. It waits in the queue for as long as its run may wait.
  if (isFailedProbe && failure.scope === "outage") {
    return { kind: "retry", waitMs: 0, progress: { ...before, calls, throttles: 0 } };
  }
  const attempts = before.attempts + 1;
  const leftMs = before.leftMs - tookMs;
  const waitMs = isFailedProbe ? 0 : backoffMs(attempts, policy.firstBackoffMs, failure.retryAfterMs, random);
  const isInTime = leftMs - waitMs >= Math.min(shortestAttemptMs, policy.callTimeoutMs);
  if (!failure.isRetryable || attempts >= policy.maxAttempts || !isInTime) {
    return { kind: "give_up", calls, spentMs: policy.questionTimeoutMs - leftMs };
  }
  return {
    kind: "retry",
    waitMs,
    progress: { ...before, calls, attempts, leftMs: leftMs - waitMs, throttles: 0 },
  };
}

/**
 * A 429 does not count as an attempt. After the first one, the question returns to the queue at once, since the rate
 * limiter slows down all calls. After more, it also backs off, since it may be too large for the rate limit by
 * itself.
 */
function afterThrottle(
  before: Progress,
  { retryAfterMs }: CallFailure,
  { firstBackoffMs, maxOutageMs }: RetryPolicy,
  now: number,
  random: number,
): NextStep {
  const throttledSince = before.throttles === 0 ? now : before.throttledSince;
  const waitMs = before.throttles === 0 ? 0 : backoffMs(before.throttles, firstBackoffMs, null, random);
  const spentMs = now - throttledSince;
  if (spentMs + Math.max(waitMs, retryAfterMs ?? 0) > maxOutageMs) {
    return { kind: "give_up", calls: before.calls, spentMs };
  }
  return { kind: "retry", waitMs, progress: { ...before, throttles: before.throttles + 1, throttledSince } };
}

/**
 * The pause after this many attempts. It doubles from `firstMs` up to 30 s, and half of it is random, so that calls
 * that failed together are not retried together. It is never shorter than the provider asked for.
 */
function backoffMs(attempts: number, firstMs: number, retryAfterMs: number | null, random: number): number {
  const ceiling = Math.min(longestBackoffMs, firstMs * 2 ** (attempts - 1));
  return Math.max(ceiling * (0.5 + random / 2), (retryAfterMs ?? 0) * (1 + random / 10));
}
