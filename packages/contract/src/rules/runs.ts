import type { EvaluationStatus } from "../common/enums.ts";
import { limits } from "../common/limits.ts";
import { firstCharacters } from "../common/text.ts";
import type { EvalRunResponse } from "../eval-runs.ts";
import { ProblemError } from "./problem.ts";

export type TargetType = "TRACE" | "SESSION";

/** How runs over traces and runs over sessions name their targets. */
export interface TargetNames {
  readonly type: TargetType;
  readonly noun: "trace" | "session";
  /** The field of given targets, in the request and in the `filters` of the run. */
  readonly idsField: "trace_ids" | "session_ids";
}

export const traceTargets: TargetNames = { type: "TRACE", noun: "trace", idsField: "trace_ids" };
export const sessionTargets: TargetNames = { type: "SESSION", noun: "session", idsField: "session_ids" };

export const openStatuses: readonly EvaluationStatus[] = ["PENDING", "RUNNING"];

/** Whether a run has not ended yet. A run that has ended never changes again. */
export function isOpen({ status }: { readonly status: EvaluationStatus }): boolean {
  return openStatuses.includes(status);
}

/** The `error_message` of a cancelled run. */
export const cancelledMessage = "Cancelled";

export function nothingMatches(noun: TargetNames["noun"]): ProblemError {
  return new ProblemError(
    "nothing_matches",
    `No ${noun} of this project matches the filters, so there is nothing to evaluate.`,
  );
}

/** @throws ProblemError `run_in_progress` for a run that cannot be retried yet. */
export function checkRetryable(run: Pick<EvalRunResponse, "status">): void {
  if (!isOpen(run)) return;
  const detail = `The run is still ${run.status}. Wait until it has ended, then retry what failed.`;
  throw new ProblemError("run_in_progress", detail);
}

export function nothingToRetry(noun: TargetNames["noun"]): ProblemError {
  return new ProblemError(
    "nothing_to_retry",
    `Every ${noun} of this run has a successful score for each metric: there is nothing to retry.`,
  );
}

/** The default name of a retry. */
export function retryName({ name, id }: { readonly name: string | null; readonly id: string }): string {
  return firstCharacters(`Retry: ${name ?? id}`, limits.name);
}

const maxWaitSeconds = 60;

/** How many seconds the client is willing to wait for a change, from `Prefer: wait=N` (RFC 7240), capped. */
export function preferredWait(prefer: string | null | undefined): number | undefined {
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec(prefer ?? "")?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), maxWaitSeconds);
}

/** A text that changes with the run's status, its counts, and whether it waits for a provider: the `id` of its events. */
export function runState(run: EvalRunResponse): string {
  const waits = run.waiting_for === null ? "" : "-waiting";
  return `${run.status}-${run.evaluated_count}-${run.failed_count}${waits}`;
}

/** The start of an event stream: how many milliseconds a client waits before it reconnects. */
export const eventStreamStart = "retry: 1000\n";

/** The event of a run's current state. */
export function runEvent(run: EvalRunResponse): string {
  return `id: ${runState(run)}\n${eventText(isOpen(run) ? "progress" : "end", run)}`;
}

/** The last event of a run that was deleted. */
export function deletedEvent(id: string): string {
  return eventText("deleted", { id });
}

function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
