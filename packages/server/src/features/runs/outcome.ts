/** How one metric of one target ended. */
export interface Outcome {
  readonly project_id: string;
  readonly run_id: string;
  readonly position: number;
  readonly metric: string;
  readonly trace_id: string;
  readonly status: "SUCCESS" | "FAILED";
  /** The score as text; `null` where it failed. */
  readonly value: string | null;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}
