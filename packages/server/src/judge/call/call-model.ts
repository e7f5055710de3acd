import { setTimeout as sleep } from "node:timers/promises";
import type { Price } from "../../judge-settings.ts";
import { JudgeError } from "../../metrics/judge.ts";
import { withTimeLimit } from "../../time-limit.ts";
import type { Answer, AnswerKey, CallOutcome, Ledger, LedgerCall } from "../ledger/ledger.ts";
import type { CallSignal } from "../limits/rate-limiter.ts";
import { costUsd } from "../prices/prices.ts";
import { CallTimeoutError } from "../providers/call-errors.ts";
import type { Ages } from "../queue/fair-queue.ts";
import { inSeconds, type ModelQueue, UnusableModelError } from "../queue/model-queue.ts";
import { type CallFailure, classifyError, withoutQuote } from "./classify-error.ts";
import { nextStep, noProgress, type RetryPolicy } from "./retry.ts";

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

/** What one call came to. */
type CallResult<Result> =
  | { readonly kind: "answered"; readonly result: Result }
  | { readonly kind: "wait"; readonly until: (signal: AbortSignal) => Promise<void> }
  | {
      readonly kind: "failed";
      readonly failure: CallFailure;
      readonly tookMs: number;
      readonly isFailedProbe: boolean;
      /** The question is asked differently from now on. */
      readonly isAdapted: boolean;
      /** What to give up with. */
      readonly error: (effort: string) => JudgeError;
    };

/** How far a question has come. */
interface Course {
  /** Its place in the queue, among the questions of its project. */
  readonly age: number;
  readonly askedAt: number;
  readonly previous: CallFailure | undefined;
  /** How often the model was not available for it, and when: `Infinity` for never. */
  readonly failures: number;
  readonly firstFailedAt: number;
  readonly lastFailedAt: number;
}

/**
 * Asks a question, with as many calls as it takes. All calls to models go through here.
 *
 * @throws JudgeError when it gives up; UnusableModelError where any question would fail; LedgerError; the reason of a signal.
 */
export async function callModel<Result>(
  model: CallableModel,
  question: Question<Result>,
  context: CallContext,
): Promise<Result> {
  const { signal, abortCalls } = context;
  let progress = noProgress(model.policy);
  const age = model.ages.of(question.about);
  let course: Course = {
    age,
    askedAt: performance.now(),
    previous: undefined,
    failures: 0,
    firstFailedAt: Number.POSITIVE_INFINITY,
    lastFailedAt: Number.POSITIVE_INFINITY,
  };
  for (;;) {
    signal.throwIfAborted();
    const known = await question.find();
    if (known !== undefined) return known.result;
    const call = await makeCall(model, question, course, progress, context);
    if (call.kind === "answered") return call.result;
    if (call.kind === "wait") {
      await call.until(signal);
      continue;
    }
    signal.throwIfAborted();
    abortCalls.throwIfAborted();
    if (call.isAdapted) continue;
    const now = performance.now();
    const next = nextStep(progress, call, model.policy, now, Math.random());
    if (next.kind === "give_up") throw call.error(effort(call.failure, next.calls, next.spentMs));
    course = afterFailure(course, call.failure, now);
    progress = next.progress;
    if (next.waitMs > 0) {
      await sleep(next.waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/** Acquires a slot, records the call, makes it, gives the slot back, and records how it ended: in that order. */
async function makeCall<Result>(
  model: CallableModel,
  question: Question<Result>,
  course: Course,
  { calls, leftMs, throttles }: { calls: number; leftMs: number; throttles: number },
  { ledger, signal, abortCalls }: CallContext,
): Promise<CallResult<Result>> {
  const { queue, policy, credentials, redact } = model;
  const { run } = ledger;
  await using slot = await queue.acquire({
    project: ledger.project,
    run,
    age: course.age,
    askedAt: course.askedAt,
    failures: course.failures,
    estimatedTokens: question.estimatedTokens,
    signal,
  });
  const { record, send } = question.request(course.previous);
  const admission = await ledger.begin({ ...record, attempt: calls + 1 });
  if (admission.kind === "refused") throw admission.error;
  if (admission.kind === "wait") return admission;
  const { callId } = admission;
  if (signal.aborted) {
    await ledger.withdraw(callId);
    throw signal.reason;
  }

  const startedAt = performance.now();
  const ms = Math.min(policy.callTimeoutMs, leftMs);
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
    queue.hasJustAnswered = true;
    slot.release({ ...made, kind: "answered", question: "", reason: "", retryAfterMs: null });
    await ledger.end(callId, answeredCall(model, record, reply, tookMs));
    return { kind: "answered", result: reply.result };
  }

  const { failure } = reply;
  const isAborted = abortCalls.aborted;
  const isAdapted = !isAborted && question.adapt(failure);
  const isOwnFault = isFaultOfQuestion(failure, course, queue, throttles);
  const kind = isAborted || isOwnFault ? "nothing" : signalOf(failure);
  let unusable: UnusableModelError | undefined;
  if (!isAborted && !isAdapted && isOfModel(failure, queue)) {
    const because = (what: string) =>
      new UnusableModelError(redact(`${queue.title} ${what}. ${failure.advice}`));
    unusable = because(failure.what);
    queue.reject(run, unusable, because(withoutQuote(failure.what)));
  }
  if (!isAborted) noteFailure(queue, failure);
  slot.release({
    ...made,
    kind,
    question: failure.scope === "maybe_outage" ? question.aboutId : question.id,
    reason: redact(withoutQuote(failure.what)),
    retryAfterMs: failure.retryAfterMs,
  });
  await ledger.end(callId, failedCall(model, record, reply, tookMs));
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
        // The provider's own errors carry the whole question: only unexpected ones are worth that.
        failure.kind === "unexpected" && "error" in reply ? { cause: reply.error } : undefined,
      ),
  };
}

type FailedReply = Extract<Reply<never>, { failure: CallFailure }> & { readonly error?: unknown };

/** What a failed call says about the model. */
function signalOf({ scope }: CallFailure): CallSignal["kind"] {
  if (scope === "rate") return "throttled";
  return scope === "outage" || scope === "maybe_outage" ? "unavailable" : "answered";
}

/** So many 429s in a row may still be about the model rather than about a question that is too large for its limit. */
const throttlesOfModel = 3;
/** A model that answered a call so lately is not down, if it may be the question that it breaks on. */
const answeredLatelyMs = 2_000;

/** Whether the question fails rather than the model, since the model has answered others in the meantime. */
function isFaultOfQuestion(
  { scope }: CallFailure,
  { firstFailedAt, lastFailedAt }: Course,
  { answeredAt }: ModelQueue,
  throttles: number,
): boolean {
  switch (scope) {
    case "rate":
      return throttles >= throttlesOfModel && answeredAt > lastFailedAt;
    case "outage":
      return answeredAt > lastFailedAt;
    case "maybe_outage":
      return answeredAt > firstFailedAt || performance.now() - answeredAt < answeredLatelyMs;
    default:
      return false;
  }
}

function afterFailure(course: Course, failure: CallFailure, now: number): Course {
  if (!isUnavailable(failure)) return { ...course, previous: failure };
  return {
    ...course,
    previous: failure,
    failures: course.failures + 1,
    firstFailedAt: Math.min(course.firstFailedAt, now),
    lastFailedAt: now,
  };
}

function isUnavailable({ scope }: CallFailure): boolean {
  return scope === "rate" || scope === "outage" || scope === "maybe_outage";
}

/** Whether any question would fail like this. A 403 or 404 is about one question if others were just answered. */
function isOfModel({ scope }: CallFailure, { hasJustAnswered }: ModelQueue): boolean {
  return scope === "model" || (scope === "maybe_model" && !hasJustAnswered);
}

function noteFailure(queue: ModelQueue, { scope }: CallFailure): void {
  if (scope === "question") queue.hasJustAnswered = true;
  if (scope === "maybe_model") queue.hasJustAnswered = false;
}

function answeredCall<Result>(
  { price }: CallableModel,
  { reservedUsd }: Pick<LedgerCall, "reservedUsd">,
  reply: Extract<Reply<Result>, { result: Result }>,
  tookMs: number,
): CallOutcome {
  const { inputTokens, outputTokens, answers } = reply;
  return {
    status: "ANSWERED",
    latencyMs: Math.round(tookMs),
    inputTokens,
    outputTokens,
    costUsd:
      inputTokens === null || outputTokens === null ? reservedUsd : costUsd(price, inputTokens, outputTokens),
    error: null,
    answers,
  };
}

/** A provider that refused has done no work; one that did not answer may have done all of it. */
function failedCall(
  model: CallableModel,
  record: Pick<LedgerCall, "reservedUsd">,
  reply: FailedReply,
  tookMs: number,
): CallOutcome {
  const { failure } = reply;
  // It answered and counted its tokens, though not as it was asked to.
  if (!("error" in reply)) {
    return answeredCall(model, record, { ...reply, result: undefined, answers: new Map() }, tookMs);
  }
  const { reservedUsd } = record;
  return {
    status: failure.isFree ? "FAILED" : "UNKNOWN",
    latencyMs: Math.round(tookMs),
    inputTokens: null,
    outputTokens: null,
    costUsd: failure.isFree && reservedUsd !== null ? 0 : reservedUsd,
    error: model.redact(failure.what),
    answers: new Map(),
  };
}

function effort({ isRetryable, retryAfterMs }: CallFailure, calls: number, spentMs: number): string {
  if (!isRetryable) return "";
  const asked = retryAfterMs === null ? "" : `; it asks to wait ${inSeconds(retryAfterMs)}`;
  return ` (${calls} ${calls === 1 ? "attempt" : "attempts"} in ${inSeconds(spentMs)}${asked})`;
}
