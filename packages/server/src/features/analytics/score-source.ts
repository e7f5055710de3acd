import type { ScoreGroupBy } from "@pandaprobe/contract";
import { type RawBuilder, sql } from "kysely";
import type { ScoreFilters } from "../scores/score-filters.ts";
import { type DateRange, isWithin } from "./date-range.ts";

/** The table of trace or session scores, and its name in the rollups. */
export interface ScoreTarget {
  readonly table: "trace_scores" | "session_scores";
  readonly type: "TRACE" | "SESSION";
}

export const traceTarget: ScoreTarget = { table: "trace_scores", type: "TRACE" };
export const sessionTarget: ScoreTarget = { table: "session_scores", type: "SESSION" };

/** The scores that a query is about. */
export interface ScoreSource {
  readonly target: ScoreTarget;
  readonly projectId: string;
  readonly range: DateRange;
  /** Default: none. */
  readonly filters?: ScoreFilters;
  /** Default: no groups. */
  readonly groupBy?: ScoreGroupBy | undefined;
}

/** Whether the rollups can answer. They distinguish scores only by name, time and value. */
export function isInRollups({ filters = {}, groupBy }: ScoreSource): boolean {
  return groupBy === undefined && Object.values(filters).every((value) => value === undefined);
}

/** The condition on `trace_scores` or `session_scores`. */
export function isScoreOf(source: ScoreSource, range: DateRange = source.range): RawBuilder<boolean> {
  return sql`project_id = ${source.projectId} and ${isWithin("created_at", range)}`;
}

/** The condition on a rollup or on the deltas, whose time is in `column`. */
export function isRollupOf(
  { target, projectId }: ScoreSource,
  column: "day" | "hour",
  range: DateRange | null,
): RawBuilder<boolean> {
  return range === null
    ? sql`false`
    : sql`project_id = ${projectId} and target_type = ${target.type} and ${isWithin(column, range)}`;
}

/** A mean of decimals, with more digits than a float has, so that the answer is the nearest float. */
export function mean(total: RawBuilder<unknown>, count: RawBuilder<unknown>): RawBuilder<number> {
  return sql`round(${total}, 40) / nullif(${count}, 0)`;
}
