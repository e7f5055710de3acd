import type { AdaptiveLimit } from "./adaptive-limit.ts";
import type { Breaker } from "./circuit-breaker.ts";
import type { TokenBucket } from "./token-bucket.ts";

/**
 * What all processes know about a model, or about a provider whose models share limits. Plain data, stored as JSON. Times are
 * in milliseconds by the coordinator's clock.
 */
export interface ModelState {
  /** By process. */
  readonly leases: Readonly<Record<string, Lease>>;
  readonly requests: TokenBucket | null;
  readonly tokens: TokenBucket | null;
  /** `null` while the model has answered no 429. */
  readonly adaptive: AdaptiveLimit | null;
  /** `null` while nothing is wrong. */
  readonly breaker: Breaker | null;
  /** When a process last reported an answer. */
  readonly answeredAt: number | null;
}

/** What one process may do until its lease ends. */
export interface Lease {
  /** Calls in flight and calls that wait to start. */
  readonly demand: number;
  readonly inFlight: number;
  /** How many calls it may have in flight; `null` for no limit. */
  readonly calls: number | null;
  /** Whether a question that has not failed yet is waiting. */
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

/** Completes a state that an older version may have stored. Without `json`, the state of a model that was never called. */
export function toModelState(json: object = {}): ModelState {
  return { ...unknown, ...json };
}
