import type { Allowance } from "./allowance.ts";
import type { Bucket } from "./bucket.ts";
import type { Trouble } from "./trouble.ts";

/**
 * What all processes know of a model, or of a provider whose models have common limits. Plain data: it is stored as
 * JSON. Its times are milliseconds by the one clock that all share.
 */
export interface ModelState {
  /** Of the processes that call it, by process. */
  readonly leases: Readonly<Record<string, Lease>>;
  readonly requests: Bucket | null;
  readonly tokens: Bucket | null;
  /** How many calls in flight it stands, as far as it has refused some; `null` where it has not. */
  readonly allowance: Allowance | null;
  /** What is wrong with it; `null` since it answered last. */
  readonly trouble: Trouble | null;
}

/** What a process may do for a few seconds. */
export interface Lease {
  /** Calls that it makes or would make, if it might. */
  readonly demand: number;
  readonly inFlight: number;
  /** How many calls it may have in flight; `null` for as many as it likes. */
  readonly places: number | null;
  /** When it ends, unless it is renewed. */
  readonly until: number;
}

export const unknownModel: ModelState = {
  leases: {},
  requests: null,
  tokens: null,
  allowance: null,
  trouble: null,
};
