import type { AdaptiveLimit } from "./adaptive-limit.ts";
import type { Breaker } from "./circuit-breaker.ts";
import type { TokenBucket } from "./token-bucket.ts";

/**
 * What all processes know about a model, or about a provider whose models share limits. Plain data, stored as JSON. Its times
 * are milliseconds by one clock, the coordinator's.
 */
export interface ModelState {
  /** By process. */
  readonly leases: Readonly<Record<string, Lease>>;
  readonly requests: TokenBucket | null;
  readonly tokens: TokenBucket | null;
  /** `null` while the model has not refused calls. */
  readonly adaptive: AdaptiveLimit | null;
  /** `null` while nothing is wrong. */
  readonly breaker: Breaker | null;
  /** When a process last reported an answer. */
  readonly answeredAt: number | null;
}

/** What one process may do for a few seconds. */
export interface Lease {
  /** Calls in flight and calls that wait to start. */
  readonly demand: number;
  readonly inFlight: number;
  /** How many calls it may have in flight; `null`: no limit. */
  readonly calls: number | null;
  /** Whether it has a question waiting that has not failed yet. */
  readonly hasUntried: boolean;
  readonly until: number;
}

const unknown: ModelState = {
  leases: {},
  requests: null,
  tokens: null,
  adaptive: null,
  breaker: null,
  answeredAt: null,
};

/** A stored state, also one that an older version stored; without `json`, that of a model never called before. */
export function toModelState(json: object = {}): ModelState {
  return { ...unknown, ...json };
}
