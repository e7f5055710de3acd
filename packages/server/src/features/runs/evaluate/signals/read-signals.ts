import { type FailedSignal, SIGNALS, type Signal, type TraceSignals } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database } from "../../../../db/database.ts";
import type { TargetJob } from "../target-job.ts";

/** A stored signal, as it is read. */
interface StoredSignal {
  readonly name: string;
  readonly status: string;
  readonly value: number | null;
  readonly reason: string | null;
  /** Why it failed, for programs. */
  readonly error: string | null;
  /** Why there was nothing to judge. */
  readonly note: string | null;
}

/** The signals of a session that a run has stored, by trace, in the order of the session. */
export async function readSignals(db: Database, { key, target }: TargetJob): Promise<TraceSignals[]> {
  const traces = await db
    .selectFrom("traces")
    .select([
      "trace_id",
      sql<StoredSignal[]>`(
        select coalesce(json_agg(json_build_object(
          'name', score.name, 'status', score.status, 'value', score.numeric_value, 'reason', score.reason,
          'error', score.metadata ->> 'error',
          'note', score.metadata ->> 'note'
        )), '[]')
        from trace_scores score
        where score.project_id = traces.project_id and score.eval_run_id = ${key.run_id}
          and score.trace_id = traces.trace_id
      )`.as("stored"),
    ])
    .where("project_id", "=", key.project_id)
    .where("session_id", "=", target.id)
    .orderBy("started_at")
    .orderBy("trace_id")
    .execute();
  return traces.map(({ trace_id, stored }) => traceSignals(trace_id, stored));
}

function traceSignals(traceId: string, stored: readonly StoredSignal[]): TraceSignals {
  const signals: Partial<Record<Signal, number>> = {};
  const vacuous: Signal[] = [];
  const failed: FailedSignal[] = [];
  for (const signal of SIGNALS) {
    const found = stored.find(({ name }) => name === signal);
    if (found === undefined) continue;
    if (found.status === "SUCCESS" && found.value !== null) {
      signals[signal] = found.value;
      if (found.note !== null) vacuous.push(signal);
    } else {
      const reason = found.reason ?? "It failed.";
      failed.push({ signal, reason, ...(found.error === "budget_exceeded" && { error: found.error }) });
    }
  }
  return { trace_id: traceId, signals, vacuous, failed };
}
