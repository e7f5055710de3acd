/** A call to a model that is about to be made. */
export interface LedgerCall {
  readonly kind: "ASK" | "EMBED";
  /** `provider/model`. */
  readonly model: string;
  /** What shapes the answer besides the question: temperature, output limit, the form that is asked for. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What its answers are kept under: one for a question, one for each text to embed. */
  readonly keys: readonly AnswerKey[];
  /** Which try of the question this is, from 1. */
  readonly attempt: number;
  /** The most tokens that it can be charged for: of what is sent, and of what may come back. */
  readonly mostInputTokens: number;
  readonly mostOutputTokens: number;
  /** The most it can cost, in USD; `null` where the price is unknown. */
  readonly reservedUsd: number | null;
}

/** A hash, in hexadecimal digits, of all that an answer depends on. */
export type AnswerKey = string;

/** What a model said: the text of an answer, or the embedding of a text, in 32-bit floats. */
export type Answer = string | readonly number[];

/** How a call ended. */
export interface CallOutcome {
  /** `UNKNOWN`: no answer came, but the provider may have given one, and charge for it. */
  readonly status: "ANSWERED" | "FAILED" | "UNKNOWN";
  readonly latencyMs: number;
  /** `null` where the provider did not tell. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /**
   * In USD; of a call whose end is unknown, or whose provider counted no tokens, the most it can have cost. `null` where
   * the price is unknown.
   */
  readonly costUsd: number | null;
  /** Why it failed, for a person. */
  readonly error: string | null;
  /** What may answer the same question later. */
  readonly answers: ReadonlyMap<AnswerKey, Answer>;
}

/**
 * The record of all calls that cost something, and of their answers. What it throws passes through a judge as it is:
 * a ledger that cannot be written is no fault of the question.
 */
export interface Ledger {
  /** Whose calls it records; "" for nobody's. */
  readonly project: string;
  readonly run: string;
  /** The answers that are known, by key. */
  find(keys: readonly AnswerKey[]): Promise<ReadonlyMap<AnswerKey, Answer>>;
  /**
   * Records, before a call is made, that it will be.
   *
   * @returns its id.
   * @throws LineUpAgain where it has to wait for others of its run; JudgeError where it must not be made at all.
   */
  begin(call: LedgerCall): Promise<string>;
  /** Takes back what `begin` recorded: the call is not made after all. */
  withdraw(callId: string): Promise<void>;
  /** Makes its answers durable: to be awaited before they are used. */
  end(callId: string, outcome: CallOutcome): Promise<void>;
}

/** Keeps nothing: for calls that are no part of a run. */
export const noLedger: Ledger = {
  project: "",
  run: "",
  find: async () => new Map(),
  begin: async () => "",
  withdraw: async () => undefined,
  end: async () => undefined,
};
