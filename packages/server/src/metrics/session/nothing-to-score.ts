import { JudgeError } from "../judge.ts";
import type { FailedSignal } from "./signals.ts";

/** Signals that were tried and all failed must not look like a session without a flaw. */
export function refuseIfAllFailed(what: string, failed: readonly FailedSignal[]): void {
  const [first] = failed;
  if (first === undefined) return;
  throw new JudgeError(
    `None of the ${what} of this session could be computed: ${failed.length} failed, the first (${first.signal}) because: ${first.reason}`,
  );
}
