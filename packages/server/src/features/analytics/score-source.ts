import { type RawBuilder, sql } from "kysely";
import type { DateRange } from "./date-range.ts";
import { isWithin } from "./date-range.ts";
import type { ScoreTarget } from "./score-target.ts";

/** The scores of a project that a question is about. */
export interface ScoreSource {
  readonly target: ScoreTarget;
  readonly projectId: string;
  readonly range: DateRange;
}

/** The condition on `trace_scores` or `session_scores`; by default for the whole range. */
export function isScoreOf(source: ScoreSource, range: DateRange = source.range): RawBuilder<boolean> {
  return sql`project_id = ${source.projectId} and ${isWithin("created_at", range)}`;
}

/** The condition on a table of rollups or the deltas, whose time is in that column. */
export function isRollupOf(
  { target, projectId }: ScoreSource,
  column: "day" | "hour",
  range: DateRange | null,
): RawBuilder<boolean> {
  return range === null
    ? sql`false`
    : sql`project_id = ${projectId} and target_type = ${target.type} and ${isWithin(column, range)}`;
}
