import type { CallSignal } from "../limits/changes.ts";
import type { ModelQueue } from "../queue/model-queue.ts";
import type { CallFailure } from "./call-failure.ts";

/** How often the model was unavailable for a question, and when; `Infinity` for never. */
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

/** The meaning of a failed call for the model. */
export function signalOf({ scope }: CallFailure): CallSignal["kind"] {
  if (scope === "rate") return "throttled";
  return scope === "outage" || scope === "maybe_outage" ? "unavailable" : "answered";
}

/** From this many 429s in a row on, the question may be too large for the rate limit by itself. */
const throttlesOfModel = 3;
/** A model that answered this recently is not down if the failure may also be the question's. */
const answeredLatelyMs = 2_000;

/** Whether the failure is the question's and not the model's, because the model has answered other questions meanwhile. */
export function isQuestionFault(
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

/** `before` plus another failed call. */
export function withFailure(before: Unavailability, failure: CallFailure, now: number): Unavailability {
  if (!isUnavailable(failure)) return before;
  return {
    failures: before.failures + 1,
    firstFailedAt: Math.min(before.firstFailedAt, now),
    lastFailedAt: now,
  };
}

/** Whether the model was not available for the call. */
export function isUnavailable({ scope }: CallFailure): boolean {
  return scope === "rate" || scope === "outage" || scope === "maybe_outage";
}

/** Whether any question to the model would fail like this. A 403 or 404 concerns one question if others were just answered. */
export function isModelFailure({ scope }: CallFailure, { wasJustAuthorized }: ModelQueue): boolean {
  return scope === "model" || (scope === "maybe_model" && !wasJustAuthorized);
}

/** Updates `wasJustAuthorized` after a failed call that shows whether the credentials work. */
export function noteAuthorization(queue: ModelQueue, { scope }: CallFailure): void {
  if (scope === "question") queue.wasJustAuthorized = true;
  if (scope === "maybe_model") queue.wasJustAuthorized = false;
}
