import {
  EvalRunFilters,
  type EvalRunResponse,
  isLimitIssue,
  SessionEvalRunFilters,
  SignalWeights,
} from "@pandaprobe/contract";
import { invalidField, schemaProblem } from "@pandaprobe/contract/rules";
import { type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { z } from "zod";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { Schema } from "../../db/schema.ts";
import { createSessionRun, createTraceRun, type RunRequest } from "../runs/create/create-run.ts";
import { resolveJudge } from "../runs/create/resolve-judge.ts";
import { sessionKind } from "../runs/target-kinds/session-kind.ts";
import type { RunMetric, TargetKind, TargetType } from "../runs/target-kinds/target-kind.ts";
import { traceKind } from "../runs/target-kinds/trace-kind.ts";
import type { RunTemplate } from "./run-template.ts";

type TargetQuery = SelectQueryBuilder<Schema, "traces", { target_id: string }>;
type ChangedTraces = SelectQueryBuilder<Schema, "traces", { trace_id: string; session_id: string | null }>;

/** What monitors of one target type do differently. */
interface Monitored {
  resolveMetric(name: string): RunMetric;
  /**
   * @param before what is stored: the limits of requests do not hold for what is the same.
   * @throws ProblemError `invalid_filters`, `invalid_signal_weights`
   */
  check(template: RunTemplate, before?: RunTemplate): void;
  createRun(request: RunRequest, name: string, template: RunTemplate): Promise<EvalRunResponse>;
  /** The targets that match and are, or have, one of these traces. */
  matching(
    db: DatabaseTransaction,
    projectId: string,
    template: RunTemplate,
    traces: ChangedTraces,
  ): TargetQuery;
}

const monitored: Readonly<Record<TargetType, Monitored>> = {
  TRACE: monitoredKind({
    kind: traceKind,
    schema: EvalRunFilters,
    column: "trace_id",
    createRun: createTraceRun,
  }),
  SESSION: monitoredKind({
    kind: sessionKind,
    schema: SessionEvalRunFilters,
    column: "session_id",
    createRun: createSessionRun,
  }),
};

/**
 * Checks what a monitor is to evaluate as a run of it would be.
 *
 * @param before what is stored, where it is a change: the limits of requests do not hold for what is the same.
 * @throws ProblemError
 */
export function checkTemplate(
  { judges, quotas }: Pick<RunRequest, "judges" | "quotas">,
  template: RunTemplate,
  before?: RunTemplate,
): void {
  const { resolveMetric, check } = monitored[template.target_type];
  const metrics = template.metric_names.map(resolveMetric);
  check(template, before);
  const { model, max_cost_usd: maxCostUsd } = template;
  resolveJudge(judges, { model, metrics, maxCostUsd, quotas });
}

/** Makes one run of it. @throws ProblemError where it cannot be made now, or nothing matches. */
export function runTemplate(
  request: RunRequest,
  name: string,
  template: RunTemplate,
): Promise<EvalRunResponse> {
  return monitored[template.target_type].createRun(request, name, template);
}

/**
 * Whether a target that it would evaluate was stored or changed since `seen` (all of them, where that is `null`): a trace
 * that matches; any trace of a session that matches.
 */
export async function lookForChanges(
  db: DatabaseTransaction,
  projectId: string,
  template: RunTemplate,
  seen: string | null,
): Promise<{ hasChanged: boolean; seen: string }> {
  const traces = db
    .selectFrom("traces")
    .select(["trace_id", "session_id"])
    .where("project_id", "=", projectId)
    .where(sql<SqlBool>`changed_xid >= pg_snapshot_xmin(${seen}::pg_snapshot)`)
    .where(sql<SqlBool>`not pg_visible_in_snapshot(changed_xid, ${seen}::pg_snapshot)`)
    // A restored dump may bring rows of another cluster, whose transactions this one has not come to yet.
    .where(sql<SqlBool>`changed_xid < pg_snapshot_xmax(pg_current_snapshot())`);
  const changed = monitored[template.target_type].matching(db, projectId, template, traces);
  // One statement sees with one snapshot: what it does not see is not seen.
  return db
    .selectNoFrom((row) => [
      sql<boolean>`${seen}::pg_snapshot is null
        or pg_snapshot_xmax(${seen}::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot())
        or ${row.exists(changed)}`.as("hasChanged"),
      sql<string>`pg_current_snapshot()::text`.as("seen"),
    ])
    .executeTakeFirstOrThrow();
}

function monitoredKind<Filters extends object>({
  kind,
  schema,
  column,
  createRun,
}: {
  kind: TargetKind<Filters>;
  schema: z.ZodType<Filters>;
  /** Which column of a trace says what target it belongs to. */
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
      max_cost_usd: number | null;
    },
  ) => Promise<EvalRunResponse>;
}): Monitored {
  const read = ({ filters, signal_weights: weights }: RunTemplate, before?: RunTemplate) => {
    if (weights !== undefined && kind.type !== "SESSION") {
      throw invalidField("validation_error", "signal_weights", "goes with the target type SESSION only");
    }
    const isStored = filters === before?.filters;
    return {
      filters: parsed(schema, filters, "filters", "invalid_filters", isStored),
      ...(weights !== undefined && {
        signal_weights: parsed(SignalWeights, weights, "signal_weights", "invalid_signal_weights"),
      }),
    };
  };
  return {
    resolveMetric: kind.resolveMetric,
    check: read,
    createRun: (request, name, template) =>
      createRun(request, {
        name,
        metrics: [...template.metric_names],
        ...read(template, template),
        sampling_rate: template.sampling_rate,
        model: template.model,
        max_cost_usd: template.max_cost_usd,
      }),
    matching: (db, projectId, template, traces) =>
      kind
        .matching(db, projectId, read(template, template).filters)
        .where(column, "in", db.selectFrom(traces.as("changed")).select(`changed.${column}`)),
  };
}

/** @param isStored whether it is stored as it is: the limits of requests do not hold for it then. */
function parsed<Value>(
  schema: z.ZodType<Value>,
  value: unknown,
  field: string,
  code: "invalid_filters" | "invalid_signal_weights",
  isStored = false,
): Value {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  if (isStored && error.issues.every(isLimitIssue)) return value as Value;
  throw schemaProblem(
    code,
    error.issues.map((issue) => ({ at: ["body", field], issue })),
  );
}
