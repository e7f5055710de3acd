/** How a metric of a target, or a signal of a trace, ended. */
export interface Result {
  readonly status: "SUCCESS" | "FAILED";
  /** The score as text; `null` where it failed. */
  readonly value: string | null;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A score to be stored: what a run found out about a trace or a session. */
export interface NewScore extends Result {
  readonly project_id: string;
  readonly run_id: string;
  readonly metric: string;
  /** The trace's id, or the session's. */
  readonly target_id: string;
  /** Of a session, the traces whose signals failed: the score says why. */
  readonly failedTraces?: readonly string[];
}

/** How one metric of one target ended. */
export interface Outcome extends NewScore {
  readonly position: number;
}
