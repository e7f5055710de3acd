import type { JuryReport, RepeatsReport, Vote } from "@pandaprobe/contract/rules";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../../../db/database.ts";
import { isOpenRun } from "../../../../db/open-run.ts";
import type { RunKey } from "../../../../db/run-key.ts";
import { inTransaction } from "../../../../db/transaction.ts";
import { asksJudge } from "../../../../metrics/metric.ts";
import { signalMetrics } from "../../../../metrics/registry.ts";
import type { NewScore } from "../../outcome.ts";
import { insertTraceScores } from "../../target-kinds/trace-kind.ts";
import { embeddingJudge, type Panel } from "../panel.ts";
import type { TargetJob } from "../target-job.ts";

/** Stores signals as trace scores of their run. They are dropped if the run has ended or was deleted. */
export async function storeSignals(db: Database, _run: RunKey, signals: readonly NewScore[]): Promise<void> {
  await inTransaction(db, (transaction) => insertTraceScores(transaction, signals));
}

/**
 * Copies a session's signals from another run into this one, so that they need not be judged again: signals that a
 * person corrected, and, unless the run is `fresh`, signals that the same models judged as often, or embedded.
 */
export async function copySignals(
  db: Database,
  { key, target, panel }: TargetJob,
  fromRunId: string,
): Promise<void> {
  const metrics = signalMetrics({ index: 0, before: [] }).map((metric) => ({
    name: metric.name,
    asks: asksJudge(metric),
  }));
  await sql`
    insert into trace_scores
      (project_id, id, trace_id, name, data_type, value, numeric_value, source, status, eval_run_id, reason, environment, metadata,
        content_hash, author_user_id, corrected)
    select score.project_id, gen_random_uuid(), score.trace_id, score.name, score.data_type, score.value,
      score.numeric_value, score.source, score.status, run.id, score.reason, score.environment, score.metadata,
      score.content_hash, score.author_user_id, score.corrected
    from traces trace
    join eval_runs run on run.project_id = trace.project_id and run.id = ${key.run_id}
      and ${isOpenRun("run")}
    join trace_scores score on score.project_id = trace.project_id and score.trace_id = trace.trace_id
      and score.eval_run_id = ${fromRunId} and score.status = 'SUCCESS'
    join json_to_recordset(${JSON.stringify(metrics)}) as metric(name text, asks boolean) on metric.name = score.name
    where trace.project_id = ${key.project_id} and trace.session_id = ${target.id}
      and case when score.source <> 'AUTOMATED' then true
        when run.fresh then false
        when metric.asks then ${isJudgedBy(panel)}
        else score.metadata ->> 'model' = ${embeddingJudge(panel).embeddingModel} end
    order by score.trace_id, score.name
    for key share of run, trace
    on conflict (project_id, eval_run_id, trace_id, name) where eval_run_id is not null do nothing`.execute(
    db,
  );
}

/** Whether all members of the panel judged a score, in as many repeats. */
function isJudgedBy({ members, repeats, aggregate }: Panel): RawBuilder<boolean> {
  const models = members.map(({ model }) => model);
  const isComplete = (metadata: RawBuilder<unknown>) =>
    sql<boolean>`coalesce(${metadata} -> 'repeats' ->> 'count', '1') = ${String(repeats)}
      and ${metadata} -> 'repeats' -> 'missing' is null`;
  if (aggregate === null) {
    return sql`score.metadata ->> 'model' = ${models[0]} and ${isComplete(sql`score.metadata`)}`;
  }
  return sql`array(
    select vote ->> 'model' from json_array_elements(score.metadata -> 'votes') as vote where ${isComplete(sql`vote`)}
  ) = ${models}::text[]`;
}

/** A trace of a session with its signals in a run. */
export interface StoredSignals {
  readonly trace_id: string;
  readonly stored: readonly StoredSignal[];
}

/** A signal as it is read from the database. */
export interface StoredSignal {
  readonly name: string;
  readonly status: string;
  readonly value: number | null;
  readonly reason: string | null;
  /** The error code of a failed signal. */
  readonly error: string | null;
  /** `"false"` if there was nothing to judge. */
  readonly applicable: string | null;
  /** The jury and the repeats in its metadata. `null` without them, and for a signal that a person corrected. */
  readonly judged: SignalJudgements | null;
}

export interface SignalJudgements {
  readonly repeats: RepeatsReport | null;
  readonly votes:
    | readonly (Pick<Vote, "model" | "value" | "applicable"> & {
        readonly repeats: RepeatsReport | null;
      })[]
    | null;
  readonly missing_judges: JuryReport["missing_judges"] | null;
}

/** The stored signals of a session in a run, trace by trace in the order of the session. */
export async function readSignals(db: Database, { key, target }: TargetJob): Promise<StoredSignals[]> {
  // Without the reasons of the votes, because a session may have very many traces.
  return db
    .selectFrom("traces")
    .select([
      "trace_id",
      sql<StoredSignal[]>`(
        select coalesce(json_agg(json_build_object(
          'name', score.name, 'status', score.status, 'value', score.numeric_value, 'reason', score.reason,
          'error', score.metadata ->> 'error',
          'applicable', score.metadata ->> 'applicable',
          'judged', case when score.source = 'AUTOMATED' then json_build_object(
            'repeats', score.metadata -> 'repeats',
            'votes', (
              select json_agg(json_build_object('model', vote -> 'model', 'value', vote -> 'value',
                'applicable', vote -> 'applicable', 'repeats', vote -> 'repeats'))
              from json_array_elements(score.metadata -> 'votes') as vote),
            'missing_judges', score.metadata -> 'missing_judges'
          ) end
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
}

/**
 * The `session_content` of the session whose traces this run's signals judged; `null` if unknown. A trace without
 * signals was added later.
 */
export async function judgedContent(db: Database, { key, target }: TargetJob): Promise<string | null> {
  const { rows } = await sql<{ content: string | null }>`
    select case when bool_and(trace.content is not null) then bit_xor(trace.content)::text end as content
    from (
      select hashtextextended(score.trace_id::text, case
        when count(*) > count(score.content_hash) then null
        when min(score.content_hash) = max(score.content_hash) then min(score.content_hash)
        -- The trace changed between its signals, so none of its hashes is right.
        else min(score.content_hash) # max(score.content_hash) end) as content
      from trace_scores score
      join traces on traces.project_id = score.project_id and traces.trace_id = score.trace_id
      where score.project_id = ${key.project_id} and score.eval_run_id = ${key.run_id}
        and traces.session_id = ${target.id}
      group by score.trace_id
    ) as trace`.execute(db);
  return rows[0]?.content ?? null;
}
