import { APICallError } from "ai";
import type { Price } from "../../judge-settings.ts";
import { costUsd } from "../prices/price.ts";
import type { AnswerKey, CallOutcome, Ledger, LedgerCall } from "./ledger.ts";

/** What an answer tells about itself. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Recorded<Result> {
  readonly usage: Usage;
  readonly answers: ReadonlyMap<AnswerKey, unknown>;
  readonly result: Result;
}

/** Makes a call, recorded before it begins and, with its answers, before they are used. */
export async function recordCall<Result>(
  ledger: Ledger,
  call: LedgerCall,
  price: Price | null,
  work: () => Promise<Recorded<Result>>,
): Promise<Result> {
  const id = await ledger.begin(call);
  const begunAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - begunAt);
  let recorded: Recorded<Result>;
  try {
    recorded = await work();
  } catch (error) {
    await ledger.end(id, { ...failed(error, call), latencyMs: latencyMs() });
    throw error;
  }
  const { usage, answers, result } = recorded;
  await ledger.end(id, {
    status: "ANSWERED",
    latencyMs: latencyMs(),
    ...usage,
    costUsd: costUsd(price, usage.inputTokens, usage.outputTokens),
    error: null,
    answers,
  });
  return result;
}

/** A provider that says no has done no work; one that says nothing may have done it all. */
function failed(error: unknown, call: LedgerCall): Omit<CallOutcome, "latencyMs"> {
  const isRefused = APICallError.isInstance(error) && (error.statusCode ?? 0) >= 400;
  return {
    status: isRefused ? "FAILED" : "UNKNOWN",
    inputTokens: 0,
    outputTokens: 0,
    costUsd: isRefused && call.reservedUsd !== null ? 0 : call.reservedUsd,
    error: error instanceof Error ? error.message : String(error),
    answers: new Map(),
  };
}
