/** How many calls in flight a model stands: learned as TCP learns of a network. */
export interface Allowance {
  /** Not whole: it grows by parts of a place. */
  readonly places: number;
  /** Up to here it doubles from round to round; above, each round adds one place. */
  readonly doublesTo: number;
  readonly throttledAt: number;
}

/** Refusals that come together are one piece of news. */
const togetherMs = 1000;
/** What has not been refused for so long is no limit any more. */
const forgottenMs = 60_000;

/** The model refused calls for there were too many: half as many from now on. */
export function halved(allowance: Allowance | null, inFlight: number, now: number): Allowance {
  if (allowance !== null && now - allowance.throttledAt < togetherMs) return allowance;
  const places = Math.max(1, Math.floor(Math.min(allowance?.places ?? inFlight, inFlight) / 2));
  return { places, doublesTo: places, throttledAt: now };
}

/** It goes on refusing, with nothing answered between: one call at a time, until it answers; then soon as many as before. */
export function oneAtATime(allowance: Allowance, now: number): Allowance {
  return { ...allowance, places: 1, throttledAt: now };
}

/** The model took so many calls. `null` once the allowance holds nobody back. */
export function grown(allowance: Allowance, answered: number, demand: number, now: number): Allowance | null {
  const { doublesTo, throttledAt } = allowance;
  // What nobody uses tells nothing about what the model would stand.
  if (allowance.places > 2 * demand) return now - throttledAt > forgottenMs ? null : allowance;
  const doubled = Math.max(0, Math.min(answered, doublesTo - allowance.places));
  const places = allowance.places + doubled;
  return { ...allowance, places: places + (answered - doubled) / places };
}
