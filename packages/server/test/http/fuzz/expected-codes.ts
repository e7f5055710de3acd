import type { Problem } from "@pandaprobe/contract";
import type { Operation } from "../support/operations.ts";

/** Whether judges and their aggregate go together depends on those that are stored. */
const judging = ["body.judges", "body.aggregate"];

/**
 * The locations at which a request may be answered `validation_error` although the contract accepts it. These rules are
 * in no schema because they depend on stored data or on another field.
 */
const rulesOfTheServer: Readonly<Record<string, readonly string[]>> = {
  // Depends on the data type of the stored score.
  updateTraceScore: ["body.value"],
  updateSessionScore: ["body.value"],
  updateSpanScore: ["body.value"],
  // Depends on the target type of the monitor, sent or stored.
  createMonitor: ["body.signal_weights"],
  updateMonitor: ["body.signal_weights", ...judging],
  retryTraceRun: judging,
  retrySessionRun: judging,
  // Depends on what the traces already have.
  tagTraces: ["body.add_tags"],
  createTrace: ["body.spans"],
  createSpans: ["body.spans"],
  updateSpan: ["body.spans"],
  // Depends on the queue's metrics, and on the project's.
  createReviewQueue: ["body.metrics", "body.from.run_id"],
  completeReviewItem: Array.from({ length: 20 }, (_, n) => [
    `body.scores.${n}.name`,
    `body.scores.${n}.value`,
  ]).flat(),
  // Depends on what the reviewer did before.
  skipReviewItem: ["body.reviewer"],
  // Depends on who judged, and how often.
  getTraceScoreJudgement: ["query.repeat", "query.model"],
  // Depends on the filters and the order of the page that it comes from.
  listTraces: ["query.cursor"],
  listTraceUsers: ["query.cursor"],
  listSessions: ["query.cursor"],
};

/** Whether an operation may answer this problem to a request that its schemas accept. */
export function mayAnswer({ id, metadata }: Operation, problem: Pick<Problem, "code" | "errors">): boolean {
  if (metadata.errors.some((code) => code === problem.code)) return true;
  if (problem.code === "rate_limited") return metadata.scope !== null;
  // The key of these tests has all scopes except admin.
  if (problem.code === "insufficient_scope") return metadata.scope === "admin";
  if (problem.code.startsWith("idempotency_")) return "Idempotency-Key" in (metadata.requestHeaders ?? {});
  if (problem.code !== "validation_error") return false;
  const places = [...(rulesOfTheServer[id] ?? []), "header.Idempotency-Key"];
  return (problem.errors ?? []).every(({ loc }) => places.includes(loc.join(".")));
}
