/** What went wrong with one call, put so that both the retries and a person know what to make of it. */
export interface Failure {
  /** `shape`: it answered, but not with what was asked for. `cut`: the answer was longer than the output limit. */
  readonly kind: "timeout" | "unreachable" | "refused" | "shape" | "cut" | "unexpected";
  /** Continues a sentence about the model: "answered 429 Too Many Requests". */
  readonly what: string;
  /** A sentence: what a person can do about it. */
  readonly advice: string;
  readonly retriable: boolean;
  /**
   * Whom it concerns. `question`: this one. `pace`: there were too many. `outage`: the model could not be had. `model`: any
   * question would fail so, for a long while. `perhaps_model`: the same, unless others have just been answered.
   */
  readonly concerns: "question" | "pace" | "outage" | "model" | "perhaps_model";
  /** How long the provider asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | null;
}
