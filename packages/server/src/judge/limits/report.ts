/** What a process reports about its calls to a model since its last report. */
export interface Report {
  readonly process: string;
  /** Calls in flight and calls that wait to start. */
  readonly demand: number;
  readonly inFlight: number;
  /** The most calls that were in flight at once. */
  readonly peak: number;
  /** Whether a question waits that has not failed yet. */
  readonly hasUntried: boolean;
  /** Calls that the model answered, whatever the answer. */
  readonly answered: number;
  /** Different questions that failed because the model was not available, since the last answered call. */
  readonly failed: readonly string[];
  /** 429s. */
  readonly throttled: {
    /** Whether such a call started after the last reported 429. Others in flight at that time say nothing new. */
    readonly isNew: boolean;
    readonly retryAfterMs: number | null;
  } | null;
  /** What the model did to the last call that failed, to continue a sentence about it. */
  readonly reason: string;
  /** How the probe of a model whose breaker is open went. */
  readonly probe: "none" | "under way" | "failed";
  /** What is left of the last grant; negative where calls took more tokens than estimated. */
  readonly unused: { readonly requests: number; readonly tokens: number };
}

/** What a process may do until its next report, which is due within `leaseMs`. */
export interface Grant {
  readonly leaseMs: number;
  /** Calls in flight at once; `null`: no limit. */
  readonly calls: number | null;
  /** Calls that may start; `null`: no limit. */
  readonly requests: number | null;
  /** Tokens that those calls may use together; the last one may exceed it. `null`: no limit. */
  readonly tokens: number | null;
  /** No call may start for this long. */
  readonly pausedMs: number;
  /** Whether it may make one call, the probe, and no other. */
  readonly isProbe: boolean;
  /** How long ago any process last reported an answer; `null`: never. */
  readonly answeredMsAgo: number | null;
  /** What is wrong, where calls have to wait for the model itself. */
  readonly outage: { readonly sinceMs: number; readonly reason: string } | null;
}
