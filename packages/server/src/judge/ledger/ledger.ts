import { createHash } from "node:crypto";
import type { JudgeError } from "@pandaprobe/contract/rules";

/** A call to a model that is about to be made. */
export interface LedgerCall {
  readonly kind: "ASK" | "EMBED";
  /** `provider/model`. */
  readonly model: string;
  /** What influences the answer besides the question: temperature, output limit, output format. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The keys for its answers: one for a question, one for each text to embed. */
  readonly keys: readonly AnswerKey[];
  /** The number of the attempt at this question, from 1. */
  readonly attempt: number;
  /** The most tokens that can be charged, for the prompt and for the answer. */
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
  /** The most it can cost, in USD; `null` if the price is unknown. */
  readonly reservedUsd: number | null;
}

/** The SHA-256 hash, in hex, of everything that an answer depends on. */
export type AnswerKey = string;

/** A model's answer: a text, or an embedding in 32-bit floats. */
export type Answer = string | readonly number[];

/** Questions, each with the ids of the traces whose text it contains. */
export type Questions = ReadonlyMap<AnswerKey, Iterable<string>>;

/** How a call ended. */
export interface CallResult {
  /** `UNKNOWN`: no answer came, but the provider may have given one, and may charge for it. */
  readonly status: "ANSWERED" | "FAILED" | "UNKNOWN";
  readonly latencyMs: number;
  /** `null` if the provider did not say. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** In USD. The most it can have cost if its end or its tokens are unknown; `null` if the price is unknown. */
  readonly costUsd: number | null;
  /** Why it failed, for a person. */
  readonly error: string | null;
  /** The answers, for the next time that the same question is asked. */
  readonly answers: ReadonlyMap<AnswerKey, Answer>;
}

/** Whether a call may be made now. */
export type Admission =
  | { readonly kind: "admitted"; readonly callId: string }
  /** Not now: another process is asking the same, or other calls have reserved the rest of the run's budget. */
  | { readonly kind: "wait"; readonly until: (signal: AbortSignal) => Promise<void> }
  /** Never: it could exceed the run's budget. */
  | { readonly kind: "refused"; readonly error: JudgeError };

/**
 * The record of judge calls and their answers.
 *
 * All methods throw LedgerError if the database does not answer. The job is then retried, and no score fails.
 */
export interface Ledger {
  /** "" outside of a project; `run` is then "" too. */
  readonly project: string;
  readonly run: string;
  /** Questions with the same key and scope have the same answer. The project, or the run if it is fresh. */
  readonly scope: string;
  /**
   * The stored answers, by key. Also records which traces the questions are about: an answer is kept as long as one of
   * its traces, so call this before `begin`.
   */
  find(questions: Questions): Promise<ReadonlyMap<AnswerKey, Answer>>;
  /** Records a call before it is made. */
  begin(call: LedgerCall): Promise<Admission>;
  /** Removes what `begin` recorded, because the call was not made. */
  withdraw(callId: string): Promise<void>;
  /** Stores how a call ended, and its answers if their traces still exist. Await it before using the answers. */
  end(callId: string, outcome: CallResult): Promise<void>;
}

/** The ledger could not be read or written. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
}

/** Records nothing; for calls outside of a run. */
export const noLedger: Ledger = {
  project: "",
  run: "",
  scope: "",
  find: async () => new Map(),
  begin: async () => ({ kind: "admitted", callId: "" }),
  withdraw: async () => undefined,
  end: async () => undefined,
};

/** The key of a question. Does not depend on the process or on the order of the object's properties. */
export function answerKey(question: unknown): AnswerKey {
  return createHash("sha256").update(stableJson(question)).digest("hex");
}

function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
