/** The behaviour of a scenario's provider. */
export interface LlmBehaviour {
  /** The shortest and the longest time that an answer takes, in milliseconds. */
  readonly latencyMs: readonly [number, number];
  /** The share of calls that fail, in various ways and sometimes in storms. Default: 0. */
  readonly faultRate?: number;
  /** Whether a trace can choose a behaviour of the gateway zoo with `zoo:<name>;`. Default: false. */
  readonly followsTraces?: boolean;
  readonly seed: number;
}

/** A call as the provider saw it. Times are milliseconds since 1970. */
export interface LlmCall {
  /** Identifies the question. */
  readonly hash: string;
  readonly receivedAt: number;
  /** When it was answered; `null` if it was not, or if the caller had hung up. */
  readonly answeredAt: number | null;
  /** What went wrong; `null` if nothing did. */
  readonly fault: string | null;
}

/** Finds the hash of the question in an answer, which shows which questions the ledger has answers to. */
export const hashPattern = /question ([0-9a-f]{16})/;
