import type { Price } from "@pandaprobe/contract/rules";
import type { Answer, AnswerKey, Ledger, LedgerCall } from "../ledger/ledger.ts";
import type { StartOrder } from "../queue/fair-queue.ts";
import type { ModelQueue } from "../queue/model-queue.ts";
import type { CallFailure } from "./call-failure.ts";
import type { RetryPolicy } from "./retry.ts";

/** A model, with everything that a call to it needs. */
export interface CallableModel {
  readonly queue: ModelQueue;
  /** Shared by all models of a process. */
  readonly startOrder: StartOrder;
  readonly price: Price | null;
  /** Names the environment variables of its credentials, for the advice in messages. */
  readonly credentials: string;
  readonly policy: RetryPolicy;
  /** Removes secrets from a text for people. */
  redact(text: string): string;
}

/** A question to a model. It may take several calls to get an answer. */
export interface Question<Result> {
  /** Distinguishes it from other questions. */
  readonly id: string;
  /** What the question is about. Questions about objects that were started earlier go first; `undefined` goes last. */
  readonly about: object | undefined;
  /** Identifies `about` across processes. */
  readonly aboutId: string;
  readonly estimatedTokens: number;
  /** The result, if the ledger has all answers. */
  find(): Promise<{ readonly result: Result } | undefined>;
  /** The next call. @param previous how the previous call failed. */
  request(previous: CallFailure | undefined): ModelRequest<Result>;
  /**
   * Changes how the question is asked, according to a failure. The next call then does not count as another attempt.
   *
   * @returns false if there is nothing to change.
   */
  adapt(failure: CallFailure): boolean;
}

/** One call to a model, ready to be recorded and made. */
export interface ModelRequest<Result> {
  readonly record: Omit<LedgerCall, "attempt">;
  /** @throws errors for `classifyError`, or the reason of `signal`. */
  send(signal: AbortSignal): Promise<Reply<Result>>;
}

/** A model's reply; a `failure` if it answered in the wrong form. */
export type Reply<Result> = {
  /** `null` if the provider does not say. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
} & (
  | { readonly result: Result; readonly answers: ReadonlyMap<AnswerKey, Answer> }
  | { readonly failure: CallFailure }
);

/** The ledger that calls are recorded in, and the signals that end them. */
export interface CallContext {
  readonly ledger: Ledger;
  /** Prevents new calls once it is aborted; calls in flight may finish. */
  readonly signal: AbortSignal;
  /** Aborts calls in flight. */
  readonly abortCalls: AbortSignal;
}

/** A reply without a result, with the `error` if the call was not answered. */
export type FailedReply = Extract<Reply<never>, { failure: CallFailure }> & { readonly error?: unknown };
