/** How the provider of a scenario behaves. */
export interface LlmBehaviour {
  /** How long an answer takes, from and to, in milliseconds. */
  readonly latencyMs: readonly [number, number];
  /** What share of the calls fails, in any way there is, in storms of some. Default: 0. */
  readonly faultRate?: number;
  /** Whether a trace that says `zoo:<name>` is met with that behaviour of the gateway zoo. Default: false. */
  readonly followsTraces?: boolean;
  readonly seed: number;
}

/** A call as the provider saw it; times are milliseconds since 1970. */
export interface LlmCall {
  /** Of the question. */
  readonly hash: string;
  readonly receivedAt: number;
  /** When it was answered to a caller who still listened; `null` where it was not. */
  readonly answeredAt: number | null;
  /** What went wrong with it, where something did. */
  readonly fault: string | null;
}

/** How an answer names its question: so that the ledger shows which questions it has the answers of. */
export const hashPattern = /question ([0-9a-f]{16})/;
