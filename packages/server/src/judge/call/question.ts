import type { Price } from "../../config/judge-settings.ts";
import type { Answer, AnswerKey, Ledger, LedgerCall } from "../ledger/ledger.ts";
import type { Ages } from "../queue/fair-queue.ts";
import type { ModelQueue } from "../queue/model-queue.ts";
import type { CallFailure } from "./classify-error.ts";
import type { RetryPolicy } from "./retry.ts";

/** A model that can be called. */
export interface CallableModel {
  readonly queue: ModelQueue;
  /** Shared by all models of a process. */
  readonly ages: Ages;
  readonly price: Price | null;
  /** The environment variables of its credentials, for advice in messages. */
  readonly credentials: string;
  readonly policy: RetryPolicy;
  /** Removes secrets from what people will read. */
  redact(text: string): string;
}

/** A question to a model. It may take several calls until it is answered. */
export interface Question<Result> {
  /** Tells it from other questions. */
  readonly id: string;
  /** Questions about what was begun first go first. `undefined`: it is about nothing else, and goes last. */
  readonly about: object | undefined;
  /** Identifies that, across processes. */
  readonly aboutId: string;
  readonly estimatedTokens: number;
  /** The result, if the ledger has all of it. */
  find(): Promise<{ readonly result: Result } | undefined>;
  /** The next call for it. @param previous how the call before failed. */
  request(previous: CallFailure | undefined): ModelRequest<Result>;
  /**
   * Changes how it is asked, after a failure that says how. The call after that is no further attempt.
   *
   * @returns false where nothing can be changed.
   */
  adapt(failure: CallFailure): boolean;
}

/** One call to a model, ready to be recorded and made. */
export interface ModelRequest<Result> {
  readonly record: Omit<LedgerCall, "attempt">;
  /** @throws what `classifyError` understands, or the reason of `signal`. */
  send(signal: AbortSignal): Promise<Reply<Result>>;
}

/** What a model replied; `failure` where it answered, but not what was asked for. */
export type Reply<Result> = {
  /** `null` where the provider does not say. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
} & (
  | { readonly result: Result; readonly answers: ReadonlyMap<AnswerKey, Answer> }
  | { readonly failure: CallFailure }
);

/** On whose behalf a model is called, and for how long. */
export interface CallContext {
  readonly ledger: Ledger;
  /** No call starts once this is aborted; those in flight may end. */
  readonly signal: AbortSignal;
  /** Aborts calls in flight. */
  readonly abortCalls: AbortSignal;
}

/** A reply that holds no result; with the `error` of a call that was not answered. */
export type FailedReply = Extract<Reply<never>, { failure: CallFailure }> & { readonly error?: unknown };
