import { JudgeError } from "../judge.ts";
import type { FailedSignal, TraceSignals } from "./signals.ts";

/** Signals that were tried and all failed must not look like a session without a flaw. */
export function refuseIfAllFailed(what: string, failed: readonly FailedSignal[]): void {
  const [first] = failed;
  if (first === undefined) return;
  throw new JudgeError(
    `None of the ${what} of this session could be computed: ${failed.length} failed, the first (${first.signal}) because: ${first.reason}`,
  );
}

/** What the run could no longer afford is not what is wrong with a session: a retry asks for it. */
export function refuseIfUnaffordable(traces: readonly TraceSignals[]): void {
  const failed = traces.flatMap((trace) => trace.failed);
  const unaffordable = failed.find(({ error }) => error === "budget_exceeded");
  if (unaffordable !== undefined) throw new JudgeError(unaffordable.reason, { code: "budget_exceeded" });
}
