import type { Price } from "../../judge-settings.ts";
import { classifyError } from "../call/classify-error.ts";
import type { Place } from "../calls/place.ts";
import { costUsd } from "../prices/price.ts";
import type { Answer, AnswerKey, CallOutcome, Ledger, LedgerCall } from "./ledger.ts";

/** What an answer tells about itself; `null` where the provider does not count. */
export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export interface Recorded<Result> {
  readonly usage: Usage;
  readonly answers: ReadonlyMap<AnswerKey, Answer>;
  readonly result: Result;
}

/** The model that is called, as far as the record goes. */
export interface Recording {
  /** Where the call is made. */
  readonly place: Pick<Place, "begun" | "answered" | "failed">;
  readonly ledger: Ledger;
  readonly price: Price | null;
  /** Takes secrets out of what is recorded of an error. */
  redact(text: string): string;
}

/**
 * Makes a call, recorded before it begins and, with its answers, before they are used. Where it may not begin any more by
 * the time it is recorded, it is taken off the record.
 */
export async function recordCall<Result>(
  recording: Recording,
  call: LedgerCall,
  work: () => Promise<Recorded<Result>>,
): Promise<Result> {
  const { ledger, price, place } = recording;
  const id = await ledger.begin(call);
  try {
    place.begun();
  } catch (error) {
    await ledger.withdraw(id);
    throw error;
  }
  const begunAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - begunAt);
  let recorded: Recorded<Result>;
  try {
    recorded = await work();
  } catch (error) {
    place.failed();
    await ledger.end(id, { ...failed(error, call, recording), latencyMs: latencyMs() });
    throw error;
  }
  const { usage, answers, result } = recorded;
  const { inputTokens, outputTokens } = usage;
  const isCounted = inputTokens !== null && outputTokens !== null;
  place.answered(isCounted ? inputTokens + outputTokens : null);
  await ledger.end(id, {
    status: "ANSWERED",
    latencyMs: latencyMs(),
    ...usage,
    costUsd: isCounted ? costUsd(price, inputTokens, outputTokens) : call.reservedUsd,
    error: null,
    answers,
  });
  return result;
}

/** A provider that says no, or was never reached, has done no work; one that says nothing may have done it all. */
function failed(error: unknown, call: LedgerCall, { redact }: Recording): Omit<CallOutcome, "latencyMs"> {
  const { isFree, what } = classifyError(error, "");
  return {
    status: isFree ? "FAILED" : "UNKNOWN",
    inputTokens: null,
    outputTokens: null,
    costUsd: isFree && call.reservedUsd !== null ? 0 : call.reservedUsd,
    error: redact(what),
    answers: new Map(),
  };
}
