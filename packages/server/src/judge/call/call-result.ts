import type { CallResult, LedgerCall } from "../ledger/ledger.ts";
import { costUsd } from "../prices/prices.ts";
import type { CallableModel, FailedReply, Reply } from "./question.ts";

/** The result that is recorded for an answered call. */
export function answeredCallResult<Result>(
  { price }: CallableModel,
  { reservedUsd }: Pick<LedgerCall, "reservedUsd">,
  reply: Extract<Reply<Result>, { result: Result }>,
  tookMs: number,
): CallResult {
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

/**
 * The result that is recorded for a failed call. A refused call was free; a call without an answer may have been processed and
 * charged.
 */
export function failedCallResult(
  model: CallableModel,
  record: Pick<LedgerCall, "reservedUsd">,
  reply: FailedReply,
  tookMs: number,
): CallResult {
  const { failure } = reply;
  // The model answered and charged tokens, but the answer was unusable.
  if (!("error" in reply)) {
    return answeredCallResult(model, record, { ...reply, result: undefined, answers: new Map() }, tookMs);
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
