import type { Problem } from "@pandaprobe/contract";
import type { Operation } from "../support/operations.ts";

/**
 * Rules that are not in a schema, because they depend on stored data or on another field: the locations at which a request
 * that the contract accepts may still be a `validation_error`.
 */
const rulesOfTheServer: Readonly<Record<string, readonly string[]>> = {
  // By the data type of the stored score.
  updateTraceScore: ["body.value"],
  // By the target type of the monitor, sent or stored.
  createMonitor: ["body.signal_weights"],
  updateMonitor: ["body.signal_weights"],
  // By what the traces have already.
  tagTraces: ["body.add_tags"],
  createTrace: ["body.spans"],
  createSpans: ["body.spans"],
  updateSpan: ["body.spans"],
};

/** Whether an operation may answer this problem to a request that its schemas take. */
export function mayAnswer({ id, metadata }: Operation, problem: Pick<Problem, "code" | "errors">): boolean {
  if (metadata.errors.some((code) => code === problem.code)) return true;
  if (problem.code === "rate_limited") return metadata.scope !== null;
  // The key of these tests may do everything but administer.
  if (problem.code === "insufficient_scope") return metadata.scope === "admin";
  if (problem.code.startsWith("idempotency_")) return "Idempotency-Key" in (metadata.requestHeaders ?? {});
  if (problem.code !== "validation_error") return false;
  const places = [...(rulesOfTheServer[id] ?? []), "header.Idempotency-Key"];
  return (problem.errors ?? []).every(({ loc }) => places.includes(loc.join(".")));
}
