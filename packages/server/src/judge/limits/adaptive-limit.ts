/**
 * How many concurrent calls a model can handle, learned from its 429s like TCP congestion control: halved after a 429;
 * then, per round of calls, doubled up to half of the previous value and raised by one above it.
 */
export interface AdaptiveLimit {
  /** Calls in flight. Fractional, since one answer raises it by a fraction of a call. */
  readonly calls: number;
  /** Up to this value it doubles per round of calls; above, each round adds one. */
  readonly doublesTo: number;
  readonly throttledAt: number;
}

/** 429s within this time count as one. */
const burstMs = 1000;
/** A limit that demand has not come close to for this long is dropped. */
const dropAfterMs = 60_000;

/** The model answered 429: half as many concurrent calls from now on. */
export function halved(limit: AdaptiveLimit | null, inFlight: number, now: number): AdaptiveLimit {
  if (limit !== null && now - limit.throttledAt < burstMs) return limit;
  const calls = Math.max(1, Math.floor(Math.min(limit?.calls ?? inFlight, inFlight) / 2));
  return { calls, doublesTo: calls, throttledAt: now };
}

/** The model answers nothing but 429: one call at a time until it answers one. */
export function oneAtATime(limit: AdaptiveLimit, now: number): AdaptiveLimit {
  return { ...limit, calls: 1, throttledAt: now };
}

/** The model answered calls. `null` once the limit no longer restricts anything. */
export function grown(
  limit: AdaptiveLimit,
  answered: number,
  demand: number,
  now: number,
): AdaptiveLimit | null {
  const { doublesTo, throttledAt } = limit;
  // While the limit is not reached, answers do not show how much the model can handle.
  if (limit.calls > 2 * demand) return now - throttledAt > dropAfterMs ? null : limit;
  const doubled = Math.max(0, Math.min(answered, doublesTo - limit.calls));
  const calls = limit.calls + doubled;
  return { ...limit, calls: calls + (answered - doubled) / calls };
}
