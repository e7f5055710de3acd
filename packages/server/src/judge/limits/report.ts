/** What a process reports about its calls to a model since its last report. */
export interface Report {
  readonly process: string;
  /** Calls in flight and calls that wait to start. */
  readonly demand: number;
  readonly inFlight: number;
  /** The most calls that were in flight at once. */
  readonly peak: number;
  /** Whether a question that has not failed yet is waiting. */
  readonly hasUntried: boolean;
  /** Calls that the model processed, whatever the answer. */
  readonly answered: number;
  /** Different questions that failed since the last answered call because the model was unavailable. */
  readonly failed: readonly string[];
  /** 429s. */
  readonly throttled: {
    /** Whether one of these calls started after the last reported 429. Calls that were in flight then say nothing new. */
    readonly isNew: boolean;
    readonly retryAfterMs: number | null;
  } | null;
  /** The last failure, completing a sentence about the model. */
  readonly reason: string;
  /** The state of this process's probe. */
  readonly probe: "none" | "under way" | "failed";
  /** The rest of the last grant; negative if calls took more tokens than estimated. */
  readonly unused: { readonly requests: number; readonly tokens: number };
}

/** What a process may do until its next report, which is due within `leaseMs`. */
export interface Grant {
  readonly leaseMs: number;
  /** The most calls in flight; `null` for no limit. */
  readonly calls: number | null;
  /** Calls that may start; `null` for no limit. */
  readonly requests: number | null;
  /** Tokens that those calls may use together; the last one may exceed it. `null` for no limit. */
  readonly tokens: number | null;
  /** No call may start for this long, in milliseconds. */
  readonly pausedMs: number;
  /** Whether it may make exactly one call, the probe. */
  readonly isProbe: boolean;
  /** How long ago any process last reported an answer; `null` for never. */
  readonly answeredMsAgo: number | null;
  /** The outage that calls have to wait for; `null` if there is none. */
  readonly outage: { readonly sinceMs: number; readonly reason: string } | null;
}
