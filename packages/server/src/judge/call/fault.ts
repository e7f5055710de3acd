import type { CallSignal } from "../limits/rate-limiter.ts";
import type { ModelQueue } from "../queue/model-queue.ts";
import type { CallFailure } from "./classify-error.ts";

/** How often a model did not take a question, and when; `Infinity` for never. */
export interface Unavailability {
  readonly failures: number;
  readonly firstFailedAt: number;
  readonly lastFailedAt: number;
}

export const neverUnavailable: Unavailability = {
  failures: 0,
  firstFailedAt: Number.POSITIVE_INFINITY,
  lastFailedAt: Number.POSITIVE_INFINITY,
};

/** What a failed call says about the model. */
export function signalOf({ scope }: CallFailure): CallSignal["kind"] {
  if (scope === "rate") return "throttled";
  return scope === "outage" || scope === "maybe_outage" ? "unavailable" : "answered";
}

/** So many 429s in a row may still be about the model rather than about a question that is too large for its limit. */
const throttlesOfModel = 3;
/** A model that answered a call so lately is not down, if it may be the question that it breaks on. */
const answeredLatelyMs = 2_000;

/** Whether the question fails rather than the model, since the model has answered others in the meantime. */
export function isFaultOfQuestion(
  { scope }: CallFailure,
  { firstFailedAt, lastFailedAt }: Unavailability,
  { answeredAt }: ModelQueue,
  throttles: number,
): boolean {
  switch (scope) {
    case "rate":
      return throttles >= throttlesOfModel && answeredAt > lastFailedAt;
    case "outage":
      return answeredAt > lastFailedAt;
    case "maybe_outage":
      return answeredAt > firstFailedAt || performance.now() - answeredAt < answeredLatelyMs;
    default:
      return false;
  }
}

/** The same after another call that failed. */
export function withFailure(before: Unavailability, failure: CallFailure, now: number): Unavailability {
  if (!isUnavailable(failure)) return before;
  return {
    failures: before.failures + 1,
    firstFailedAt: Math.min(before.firstFailedAt, now),
    lastFailedAt: now,
  };
}

/** Whether the model did not take the call. */
export function isUnavailable({ scope }: CallFailure): boolean {
  return scope === "rate" || scope === "outage" || scope === "maybe_outage";
}

/** Whether any question would fail like this. A 403 or 404 is about one question if others were just answered. */
export function isOfModel({ scope }: CallFailure, { hasJustAnswered }: ModelQueue): boolean {
  return scope === "model" || (scope === "maybe_model" && !hasJustAnswered);
}

/** Remembers whether the last call that shows if the credentials work was answered. */
export function noteFailure(queue: ModelQueue, { scope }: CallFailure): void {
  if (scope === "question") queue.hasJustAnswered = true;
  if (scope === "maybe_model") queue.hasJustAnswered = false;
}
