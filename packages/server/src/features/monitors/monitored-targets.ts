import {
  EvalRunFilters,
  type EvalRunResponse,
  type JuryAggregate,
  SessionEvalRunFilters,
  type SignalWeights,
} from "@pandaprobe/contract";
import { type RunSettings, selectionOf, type TargetType } from "@pandaprobe/contract/rules";
import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { z } from "zod";
import { quotasOf } from "../../config/project-limits.ts";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { Schema } from "../../db/schema.ts";
import {
  createSessionRun,
  createTraceRun,
  type RunRequest,
  resolveMetrics,
} from "../runs/create/create-run.ts";
import { resolveJudge } from "../runs/create/resolve-judge.ts";
import { sessionKind } from "../runs/target-kinds/session-kind.ts";
import type { TargetKind } from "../runs/target-kinds/target-kind.ts";
import { traceKind } from "../runs/target-kinds/trace-kind.ts";
import { contentNow } from "../scores/preferred-scores.ts";
import type { ScoreTable } from "../scores/score-rows.ts";
import { quietSince, wasNotEnded } from "../traces/being-written.ts";
import type { MonitorKey } from "./set-fields.ts";

type TargetQuery = SelectQueryBuilder<Schema, "traces", { target_id: string }>;
type ChangedTraces = SelectQueryBuilder<Schema, "traces", { trace_id: string; session_id: string | null }>;

/** The differences between monitors of traces and of sessions. */
interface Monitored {
  resolveMetric: TargetKind<never>["resolveMetric"];
  /** The table of its runs' scores. */
  table: ScoreTable;
  /** Whether a `score` is about a `target`. */
  isAbout: RawBuilder<SqlBool>;
  /**
   * @param before the stored settings: values that did not change may exceed the limits of requests.
   * @throws ProblemError `invalid_filters`, `invalid_signal_weights`
   */
  check(settings: RunSettings, before?: RunSettings): void;
  createRun(request: RunRequest, name: string, settings: RunSettings): Promise<EvalRunResponse>;
  /** The matching targets that are, or contain, one of these traces, and have no trace that is still being written. */
  matching(
    db: DatabaseTransaction,
    projectId: string,
    settings: RunSettings,
    traces: ChangedTraces,
    quietMs: number,
  ): TargetQuery;
}

const monitored: Readonly<Record<TargetType, Monitored>> = {
  TRACE: monitoredKind({
    kind: traceKind,
    schema: EvalRunFilters,
    table: "trace_scores",
    isAbout: sql`score.trace_id = target.target_id::uuid`,
    column: "trace_id",
    createRun: createTraceRun,
  }),
  SESSION: monitoredKind({
    kind: sessionKind,
    schema: SessionEvalRunFilters,
    table: "session_scores",
    isAbout: sql`score.session_id = target.target_id`,
    column: "session_id",
    createRun: createSessionRun,
  }),
};

/**
 * Checks the settings of a monitor like the creation of its runs.
 *
 * @param before for a change, the stored settings: values that did not change may exceed the limits of requests.
 * @throws ProblemError
 */
export async function checkSettings(
  { db, judges, quotas, projectId }: RunRequest,
  settings: RunSettings,
  before?: RunSettings,
): Promise<void> {
  const kind = monitored[settings.target_type];
  const metrics = await resolveMetrics(kind, { db, projectId }, settings.metric_names);
  kind.check(settings, before);
  const { max_cost_usd: maxCostUsd } = settings;
  resolveJudge(judges, { by: settings, metrics, maxCostUsd, quotas: quotasOf(quotas, projectId) });
}

/** Creates a run with these settings. @throws ProblemError if that is not possible now, or if nothing matches. */
export function runWithSettings(
  request: RunRequest,
  name: string,
  settings: RunSettings,
): Promise<EvalRunResponse> {
  return monitored[settings.target_type].createRun(request, name, settings);
}

/** What a monitor had seen when it last checked for changes. */
export interface Seen {
  /** A snapshot of the database. `null`: everything is new to it. */
  readonly seen: string | null;
  /** Traces without an ended root that changed after this time may not have been complete. */
  readonly seen_quiet: string | null;
}

/**
 * Whether a target that a run would evaluate has been stored, changed or become quiet since a monitor last checked; for
 * a session, any of its traces. Targets that are still being written do not count, nor do those whose judged content is
 * the same as in the monitor's last runs: they were sent again, or only got other tags.
 *
 * @param quietMs how long a trace without an ended root must not change to count as written.
 */
export async function findChanges(
  db: DatabaseTransaction,
  { project_id: projectId, id, seen, seen_quiet }: MonitorKey & Seen,
  settings: RunSettings,
  quietMs: number,
): Promise<{ hasChanged: boolean } & { [Field in keyof Seen]: string }> {
  const traces = db
    .selectFrom("traces")
    .select(["trace_id", "session_id"])
    .where("project_id", "=", projectId);
  const changedTraces = traces
    .where(sql<SqlBool>`changed_xid >= pg_snapshot_xmin(${seen}::pg_snapshot)`)
    .where(sql<SqlBool>`not pg_visible_in_snapshot(changed_xid, ${seen}::pg_snapshot)`)
    // A restored dump has transaction ids from another cluster, which this one may not have reached yet.
    .where(sql<SqlBool>`changed_xid < pg_snapshot_xmax(pg_current_snapshot())`);
  const quietTraces = traces
    .where(wasNotEnded("traces"))
    .where(sql<SqlBool>`updated_at > ${seen_quiet}::timestamptz and updated_at <= ${quietSince(quietMs)}`);
  const candidates = changedTraces.unionAll(quietTraces);
  const { matching, table, isAbout } = monitored[settings.target_type];
  const changed = db
    .selectFrom(matching(db, projectId, settings, candidates, quietMs).as("target"))
    .select("target_id")
    .where(sql<SqlBool>`not coalesce((
      select score.content_hash = ${contentNow(table, "score")} from ${sql.table(table)} score
      join eval_runs run on run.project_id = score.project_id and run.id = score.eval_run_id
      where score.project_id = ${projectId} and ${isAbout} and run.monitor_id = ${id}
      order by score.created_at desc, score.id desc limit 1), false)`);
  // In one statement, so that both columns use the same snapshot.
  return db
    .selectNoFrom((row) => [
      sql<boolean>`${seen}::pg_snapshot is null
        or pg_snapshot_xmax(${seen}::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot())
        or ${row.exists(changed)}`.as("hasChanged"),
      sql<string>`pg_current_snapshot()::text`.as("seen"),
      sql<string>`${quietSince(quietMs)}`.as("seen_quiet"),
    ])
    .executeTakeFirstOrThrow();
}

function monitoredKind<Filters extends object>({
  kind,
  schema,
  table,
  isAbout,
  column,
  createRun,
}: Pick<Monitored, "table" | "isAbout"> & {
  kind: TargetKind<Filters>;
  schema: z.ZodType<Filters>;
  /** The column of `traces` with the target's id. */
  column: "trace_id" | "session_id";
  createRun: (
    request: RunRequest,
    body: {
      name: string;
      metrics: string[];
      filters: Filters;
      signal_weights?: SignalWeights;
      sampling_rate: number;
      model: string | null;
      repeats: number;
      judges: string[] | null;
      aggregate: JuryAggregate | null;
      max_cost_usd: number | null;
    },
  ) => Promise<EvalRunResponse>;
}): Monitored {
  const read = (settings: RunSettings, before?: RunSettings) => selectionOf(schema, settings, before);
  return {
    resolveMetric: kind.resolveMetric,
    table,
    isAbout,
    check: read,
    createRun: (request, name, settings) =>
      createRun(request, {
        name,
        metrics: [...settings.metric_names],
        ...read(settings, settings),
        sampling_rate: settings.sampling_rate,
        model: settings.model,
        repeats: settings.repeats,
        judges: settings.judges && [...settings.judges],
        aggregate: settings.aggregate,
        max_cost_usd: settings.max_cost_usd,
      }),
    matching: (db, projectId, settings, traces, quietMs) =>
      kind
        .matching(db, projectId, read(settings, settings).filters)
        .where(kind.isSettled(quietMs))
        .where(column, "in", db.selectFrom(traces.as("changed")).select(`changed.${column}`)),
  };
}
