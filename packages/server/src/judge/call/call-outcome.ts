import type { CallOutcome, LedgerCall } from "../ledger/ledger.ts";
import { costUsd } from "../prices/prices.ts";
import type { CallableModel, FailedReply, Reply } from "./question.ts";

/** How an answered call is recorded. */
export function answeredCall<Result>(
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

/** How a failed call is recorded: a provider that refused has done no work; one that did not answer may have done all of it. */
export function failedCall(
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
