/** What a process tells of its calls to a model since it told last. */
export interface Report {
  readonly process: string;
  /** Calls that it makes or would make, if it might. */
  readonly demand: number;
  readonly inFlight: number;
  /** The most that it had in flight. */
  readonly peak: number;
  /** Calls that the model took, whatever it answered. */
  readonly answered: number;
  /** Calls that failed for the model could not be had, since the last one that it took. */
  readonly failures: number;
  /** Refusals of calls for there were too many. */
  readonly throttled: {
    /** Whether such a call was begun after the last such refusal had been told: it is no echo of it. */
    readonly isNew: boolean;
    readonly retryAfterMs: number | null;
  } | null;
  /** Of the last call that failed: what the model did, to continue a sentence about it. */
  readonly reason: string;
  /** How the one call went that was to find out whether the model is back. */
  readonly probe: "none" | "under way" | "failed";
  /** What it was granted and has not used; less than none where calls took more than was thought. */
  readonly unused: { readonly requests: number; readonly tokens: number };
}

/** What a process may do until it asks again, which is within `leaseMs`. */
export interface Grant {
  readonly leaseMs: number;
  /** How many calls it may have in flight; `null` for as many as it likes. */
  readonly places: number | null;
  /** How many calls it may begin; `null` for as many as it likes. */
  readonly requests: number | null;
  /** How many tokens these may take together; the last one may take more. */
  readonly tokens: number | null;
  /** For how long no call may begin. */
  readonly closedMs: number;
  /** Whether it may make one call, to find out whether the model is back, and no other. */
  readonly isProbe: boolean;
  /** What is wrong, where calls have to wait for the model itself. */
  readonly trouble: { readonly sinceMs: number; readonly reason: string } | null;
}
