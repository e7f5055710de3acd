import { type FailedSignal, SIGNALS, type Signal, type TraceSignals } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database } from "../../../../db/database.ts";
import { isOpenRun } from "../../../../db/open-run.ts";
import type { RunKey } from "../../../../db/run-key.ts";
import { inTransaction } from "../../../../db/transaction.ts";
import { signalMetrics } from "../../../../metrics/registry.ts";
import type { NewScore } from "../../outcome.ts";
import { insertTraceScores } from "../../target-kinds/trace-kind.ts";
import type { TargetJob } from "../target-job.ts";

/** Stores signals as trace scores of their run. They are dropped if the run has ended or was deleted. */
export async function storeSignals(db: Database, _run: RunKey, signals: readonly NewScore[]): Promise<void> {
  await inTransaction(db, (transaction) => insertTraceScores(transaction, signals));
}

/**
 * Copies a session's signals from another run into this one, so that they need not be judged again: signals that a person
 * corrected, and, unless the run is `fresh`, signals that the same model judged or embedded.
 */
export async function copySignals(
  db: Database,
  { key, target, judge }: TargetJob,
  fromRunId: string,
): Promise<void> {
  const metrics = signalMetrics({ index: 0, before: [] }).map(({ name, embeds }) => ({
    name,
    model: embeds ? judge.embeddingModel : judge.model,
  }));
  await sql`
    insert into trace_scores
      (project_id, id, trace_id, name, data_type, value, numeric_value, source, status, eval_run_id, reason, environment, metadata)
    select score.project_id, gen_random_uuid(), score.trace_id, score.name, score.data_type, score.value,
      score.numeric_value, score.source, score.status, run.id, score.reason, score.environment, score.metadata
    from traces trace
    join eval_runs run on run.project_id = trace.project_id and run.id = ${key.run_id}
      and ${isOpenRun("run")}
    join trace_scores score on score.project_id = trace.project_id and score.trace_id = trace.trace_id
      and score.eval_run_id = ${fromRunId} and score.status = 'SUCCESS'
    join json_to_recordset(${JSON.stringify(metrics)}) as metric(name text, model text) on metric.name = score.name
    where trace.project_id = ${key.project_id} and trace.session_id = ${target.id}
      and (score.source <> 'AUTOMATED' or not run.fresh and score.metadata ->> 'model' = metric.model)
    order by score.trace_id, score.name
    for key share of run, trace
    on conflict (project_id, eval_run_id, trace_id, name) where eval_run_id is not null do nothing`.execute(
    db,
  );
}

/** A signal as it is read from the database. */
interface StoredSignal {
  readonly name: string;
  readonly status: string;
  readonly value: number | null;
  readonly reason: string | null;
  /** The error code of a failed signal. */
  readonly error: string | null;
  /** `"false"` if there was nothing to judge. */
  readonly applicable: string | null;
}

/** The stored signals of a session in a run, trace by trace in the order of the session. */
export async function readSignals(db: Database, { key, target }: TargetJob): Promise<TraceSignals[]> {
  const traces = await db
    .selectFrom("traces")
    .select([
      "trace_id",
      sql<StoredSignal[]>`(
        select coalesce(json_agg(json_build_object(
          'name', score.name, 'status', score.status, 'value', score.numeric_value, 'reason', score.reason,
          'error', score.metadata ->> 'error',
          'applicable', score.metadata ->> 'applicable'
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
  const notApplicable: Signal[] = [];
  const failed: FailedSignal[] = [];
  for (const signal of SIGNALS) {
    const found = stored.find(({ name }) => name === signal);
    if (found === undefined) continue;
    if (found.status === "SUCCESS" && found.value !== null) {
      signals[signal] = found.value;
      if (found.applicable === "false") notApplicable.push(signal);
    } else {
      const reason = found.reason ?? "It failed.";
      failed.push({ signal, reason, ...(found.error === "budget_exceeded" && { error: found.error }) });
    }
  }
  return { trace_id: traceId, signals, notApplicable, failed };
}
