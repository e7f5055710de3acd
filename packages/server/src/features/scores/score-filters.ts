import type { ScorePreference, ScoreSource } from "@pandaprobe/contract";
import { expressionBuilder, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Schema } from "../../db/schema.ts";
import { matchesFilters } from "../traces/trace-filters.ts";
import { isOutranked } from "./preferred-scores.ts";

/** Filters of scores by their trace as it is now. A session matches if one of its traces matches all of them. */
export interface TraceFieldFilters {
  readonly release?: string | undefined;
  readonly environment?: string | undefined;
  readonly tags?: string[] | undefined;
  readonly user_id?: string | undefined;
  readonly trace_name?: string | undefined;
}

/** Filters by who or what gave a score, and whether another one comes before it. */
export interface ScorerFilters {
  readonly source?: ScoreSource | undefined;
  /** The judge, as `provider/model`, alone or in a jury. */
  readonly model?: string | undefined;
  readonly eval_run_id?: string | undefined;
  /** Leaves out scores for which there is a preferred one. */
  readonly prefer?: ScorePreference | undefined;
}

export interface ScoreFilters extends TraceFieldFilters, ScorerFilters {}

/** The traces of a project that match; `null` without a filter. */
export function matchingTraces(
  projectId: string,
  { release, environment, tags, user_id, trace_name: name }: TraceFieldFilters,
) {
  const filters = { release, environment, tags, user_id, name };
  if (Object.values(filters).every((value) => value === undefined)) return null;
  return expressionBuilder<Schema, never>()
    .selectFrom("traces")
    .where("traces.project_id", "=", projectId)
    .where(matchesFilters(filters));
}

/** The condition that a row of a table of scores matches all given filters. */
export function matchesScoreFilters(
  table: "trace_scores" | "session_scores",
  projectId: string,
  filters: ScoreFilters,
): RawBuilder<SqlBool> {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  const { source, model, eval_run_id, prefer } = filters;
  const conditions: RawBuilder<SqlBool>[] = [];
  if (source !== undefined) conditions.push(sql`${column("source")} = ${source}`);
  if (eval_run_id !== undefined) conditions.push(sql`${column("eval_run_id")} = ${eval_run_id}`);
  if (model !== undefined)
    conditions.push(
      sql`${column("eval_run_id")} in (select id from eval_runs where project_id = ${projectId} and (model = ${model} or ${model} = any(judges)))`,
    );
  if (prefer !== undefined) conditions.push(sql`not ${isOutranked(table, prefer)}`);
  const traces = matchingTraces(projectId, filters);
  if (traces !== null)
    conditions.push(
      table === "trace_scores"
        ? sql`${column("trace_id")} in ${traces.select("traces.trace_id")}`
        : sql`${column("session_id")} in ${traces.select("traces.session_id").where("session_id", "is not", null)}`,
    );
  return conditions.length === 0 ? sql`true` : sql`${sql.join(conditions, sql` and `)}`;
}
