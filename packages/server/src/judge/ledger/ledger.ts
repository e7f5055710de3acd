import { createHash } from "node:crypto";
import type { JudgeError } from "@pandaprobe/contract/rules";

/** A call to a model that is about to be made. */
export interface LedgerCall {
  readonly kind: "ASK" | "EMBED";
  /** `provider/model`. */
  readonly model: string;
  /** What shapes the answer besides the question: temperature, output limit, output format. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What its answers are stored under: one for a question, one for each text to embed. */
  readonly keys: readonly AnswerKey[];
  /** Which attempt at the question this is, from 1. */
  readonly attempt: number;
  /** The most tokens that it can be charged for: of what is sent, and of what may come back. */
  readonly mostInputTokens: number;
  readonly mostOutputTokens: number;
  /** The most it can cost, in USD; `null` where the price is unknown. */
  readonly reservedUsd: number | null;
}

/** A SHA-256 hash, in hex, of everything that an answer depends on. */
export type AnswerKey = string;

/** What a model said: the text of an answer, or the embedding of a text, in 32-bit floats. */
export type Answer = string | readonly number[];

/** Questions, each with the ids of the traces whose text it shows. */
export type Questions = ReadonlyMap<AnswerKey, Iterable<string>>;

/** How a call ended. */
export interface CallOutcome {
  /** `UNKNOWN`: no answer came, but the provider may have given one, and may charge for it. */
  readonly status: "ANSWERED" | "FAILED" | "UNKNOWN";
  readonly latencyMs: number;
  /** `null` where the provider did not say. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /**
   * In USD. The most it can have cost where its end or its tokens are unknown; `null` where the price is unknown.
   */
  readonly costUsd: number | null;
  /** Why it failed, for a person. */
  readonly error: string | null;
  /** What may answer the same question later. */
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
 * The record of all calls that cost something, and of their answers.
 *
 * All methods throw LedgerError where the database does not answer: then the job is tried again later, and no score fails.
 */
export interface Ledger {
  /** "" outside of a project, as is `run`. */
  readonly project: string;
  readonly run: string;
  /** Questions with the same key and scope have the same answer: the project, or the run where it asks again. */
  readonly scope: string;
  /**
   * The answers that are known, by key. Also records which traces the questions are about: an answer is kept for as long as
   * one of its traces is, so call it before `begin`.
   */
  find(questions: Questions): Promise<ReadonlyMap<AnswerKey, Answer>>;
  /** Records a call before it is made. */
  begin(call: LedgerCall): Promise<Admission>;
  /** Removes what `begin` recorded: the call is not made after all. */
  withdraw(callId: string): Promise<void>;
  /** Stores how a call ended, and those of its answers whose traces still exist: await it before you use them. */
  end(callId: string, outcome: CallOutcome): Promise<void>;
}

/** The ledger could not be read or written. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
}

/** Keeps nothing: for calls outside of a run. */
export const noLedger: Ledger = {
  project: "",
  run: "",
  scope: "",
  find: async () => new Map(),
  begin: async () => ({ kind: "admitted", callId: "" }),
  withdraw: async () => undefined,
  end: async () => undefined,
};

/** The same key for the same question, in every process and whatever the order of the object's keys. */
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
