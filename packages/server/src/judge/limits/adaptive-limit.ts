/**
 * How many calls a model takes at once, learned from its 429s the way TCP learns about a network: halved when it refuses
 * some, then doubled per round up to where it was, then one more per round.
 */
export interface AdaptiveLimit {
  /** Calls in flight. Fractional, since one answer raises it by a part of a call. */
  readonly calls: number;
  /** Up to here it doubles per round of calls; above, each round adds one. */
  readonly doublesTo: number;
  readonly throttledAt: number;
}

/** 429s within this time count as one. */
const burstMs = 1000;
/** A limit that nothing has come close to for this long is dropped. */
const dropAfterMs = 60_000;

/** The model answered 429: half as many calls from now on. */
export function halved(limit: AdaptiveLimit | null, inFlight: number, now: number): AdaptiveLimit {
  if (limit !== null && now - limit.throttledAt < burstMs) return limit;
  const calls = Math.max(1, Math.floor(Math.min(limit?.calls ?? inFlight, inFlight) / 2));
  return { calls, doublesTo: calls, throttledAt: now };
}

/** It keeps answering 429 and nothing else: one call at a time until it answers one. */
export function oneAtATime(limit: AdaptiveLimit, now: number): AdaptiveLimit {
  return { ...limit, calls: 1, throttledAt: now };
}

/** The model answered calls. `null` once the limit no longer holds anything back. */
export function grown(
  limit: AdaptiveLimit,
  answered: number,
  demand: number,
  now: number,
): AdaptiveLimit | null {
  const { doublesTo, throttledAt } = limit;
  // A limit that is not used up says nothing about what the model would take.
  if (limit.calls > 2 * demand) return now - throttledAt > dropAfterMs ? null : limit;
  const doubled = Math.max(0, Math.min(answered, doublesTo - limit.calls));
  const calls = limit.calls + doubled;
  return { ...limit, calls: calls + (answered - doubled) / calls };
}
