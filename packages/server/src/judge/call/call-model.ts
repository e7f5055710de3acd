import { setTimeout as sleep } from "node:timers/promises";
import { JudgeError } from "@pandaprobe/contract/rules";
import { withTimeLimit } from "../../time-limit.ts";
import { CallTimeoutError } from "../providers/call-errors.ts";
import { inSeconds, UnusableModelError } from "../queue/model-queue.ts";
import { type CallFailure, withoutQuote } from "./call-failure.ts";
import { answeredCallResult, failedCallResult } from "./call-result.ts";
import { classifyError } from "./classify-error.ts";
import {
  isModelFailure,
  isQuestionFault,
  isUnavailable,
  neverUnavailable,
  noteAuthorization,
  signalOf,
  type Unavailability,
  withFailure,
} from "./fault.ts";
import type { CallableModel, CallContext, FailedReply, Question } from "./question.ts";
import { nextStep, noProgress, type Progress } from "./retry.ts";

/** The state of a question between its calls. */
interface QuestionState {
  /** Its position among the questions of its project; lower goes first. */
  readonly order: number;
  readonly askedAt: number;
  /** How the last call failed. */
  readonly previous: CallFailure | undefined;
  readonly unavailability: Unavailability;
  readonly progress: Progress;
}

/** The result of one attempt to make a call. */
type Attempt<Result> =
  | { readonly kind: "answered"; readonly result: Result }
  | { readonly kind: "wait"; readonly until: (signal: AbortSignal) => Promise<void> }
  | {
      readonly kind: "failed";
      readonly failure: CallFailure;
      readonly tookMs: number;
      readonly isFailedProbe: boolean;
      /** Whether the question was changed because of the failure; the next call is not another attempt. */
      readonly isAdapted: boolean;
      /** The error to give up with. */
      readonly error: (effort: string) => JudgeError;
    };

/**
 * Asks a question, making as many calls as necessary. All calls to models go through here.
 *
 * @throws JudgeError when it gives up; UnusableModelError if any question to this model would fail; LedgerError; the reason of
 * a signal.
 */
export async function callModel<Result>(
  model: CallableModel,
  question: Question<Result>,
  context: CallContext,
): Promise<Result> {
  const { signal, abortCalls } = context;
  const order = model.startOrder.of(question.about);
  let state: QuestionState = {
    order,
    askedAt: performance.now(),
    previous: undefined,
    unavailability: neverUnavailable,
    progress: noProgress(model.policy),
  };
  for (;;) {
    signal.throwIfAborted();
    const known = await question.find();
    if (known !== undefined) return known.result;
    const call = await makeCall(model, question, state, context);
    if (call.kind === "answered") return call.result;
    if (call.kind === "wait") {
      await call.until(signal);
      continue;
    }
    signal.throwIfAborted();
    abortCalls.throwIfAborted();
    if (call.isAdapted) continue;
    const now = performance.now();
    const next = nextStep(state.progress, call, model.policy, now, Math.random());
    if (next.kind === "give_up") throw call.error(effort(call.failure, next.calls, next.spentMs));
    state = {
      ...state,
      previous: call.failure,
      unavailability: withFailure(state.unavailability, call.failure, now),
      progress: next.progress,
    };
    if (next.waitMs > 0) {
      await sleep(next.waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/** Acquires a slot, records the call, makes it, releases the slot and records the result, in that order. */
async function makeCall<Result>(
  model: CallableModel,
  question: Question<Result>,
  state: QuestionState,
  { ledger, signal, abortCalls }: CallContext,
): Promise<Attempt<Result>> {
  const { queue, policy, credentials, redact } = model;
  const { run } = ledger;
  const { unavailability, progress } = state;
  await using slot = await queue.acquire({
    project: ledger.project,
    run,
    order: state.order,
    askedAt: state.askedAt,
    failures: unavailability.failures,
    estimatedTokens: question.estimatedTokens,
    signal,
  });
  const { record, send } = question.request(state.previous);
  const admission = await ledger.begin({ ...record, attempt: progress.calls + 1 });
  if (admission.kind === "refused") throw admission.error;
  if (admission.kind === "wait") return admission;
  const { callId } = admission;
  if (signal.aborted) {
    await ledger.withdraw(callId);
    throw signal.reason;
  }

  const startedAt = performance.now();
  const ms = Math.min(policy.callTimeoutMs, progress.leftMs);
  const late = () => new CallTimeoutError(ms);
  const reply = await withTimeLimit({ ms, late, signal: abortCalls }, send).catch(
    (error: unknown): FailedReply => ({
      ...{ inputTokens: null, outputTokens: null },
      failure: classifyError(error, credentials),
      error,
    }),
  );
  const tookMs = performance.now() - startedAt;
  const { inputTokens, outputTokens } = reply;
  const tokens = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
  const made = { wasMade: true, tokens };
  if ("result" in reply) {
    queue.wasJustAuthorized = true;
    slot.release({ ...made, kind: "answered", question: "", reason: "", retryAfterMs: null });
    await ledger.end(callId, answeredCallResult(model, record, reply, tookMs));
    return { kind: "answered", result: reply.result };
  }

  const { failure } = reply;
  const isAborted = abortCalls.aborted;
  const isAdapted = !isAborted && question.adapt(failure);
  const isOwnFault = isQuestionFault(failure, unavailability, queue, progress.throttles);
  const kind = isAborted || isOwnFault ? "nothing" : signalOf(failure);
  let unusable: UnusableModelError | undefined;
  if (!isAborted && !isAdapted && isModelFailure(failure, queue)) {
    const because = (what: string) =>
      new UnusableModelError(redact(`${queue.title} ${what}. ${failure.advice}`));
    unusable = because(failure.what);
    queue.reject(run, unusable, because(withoutQuote(failure.what)));
  }
  if (!isAborted) noteAuthorization(queue, failure);
  slot.release({
    ...made,
    kind,
    question: failure.scope === "maybe_outage" ? question.aboutId : question.id,
    reason: redact(withoutQuote(failure.what)),
    retryAfterMs: failure.retryAfterMs,
  });
  await ledger.end(callId, failedCallResult(model, record, reply, tookMs));
  return {
    kind: "failed",
    failure,
    tookMs,
    isFailedProbe: slot.isProbe && isUnavailable(failure) && !isOwnFault,
    isAdapted,
    error: (spent) =>
      unusable ??
      new JudgeError(
        redact(`${queue.title} ${failure.what}${spent}. ${failure.advice}`),
        // A provider's error contains the whole question, so only unexpected ones are attached.
        failure.kind === "unexpected" && "error" in reply ? { cause: reply.error } : undefined,
      ),
  };
}

function effort({ isRetryable, retryAfterMs }: CallFailure, calls: number, spentMs: number): string {
  if (!isRetryable) return "";
  const asked = retryAfterMs === null ? "" : `; it asks to wait ${inSeconds(retryAfterMs)}`;
  return ` (${calls} ${calls === 1 ? "attempt" : "attempts"} in ${inSeconds(spentMs)}${asked})`;
}
