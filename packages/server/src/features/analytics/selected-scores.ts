import { limits, type ScoreGroup, type ScoreGroupBy } from "@pandaprobe/contract";
import { type RawBuilder, sql } from "kysely";
import { matchesScoreFilters, matchingTraces } from "../scores/score-filters.ts";
import { isWithin } from "./date-range.ts";
import type { ScoreSource } from "./score-source.ts";

/**
 * Shared by analytics of filtered or grouped scores, which read the scores, not the rollups.
 *
 * `selected` are the scores of one metric or of all, with their groups as an array. Each answer counts them into
 * `counted`, which keeps that array as a key, so that a score in several groups is still counted once in the sum of
 * the others.
 */
export function selectedScores(source: ScoreSource, metricName?: string): RawBuilder<unknown> {
  const { target, projectId, range, filters = {}, groupBy } = source;
  const scores = sql.table(target.table);
  const { groups, join } = groupsOf(source, groupBy);
  return sql`selected as (
    select ${scores}.name, ${scores}.created_at, ${scores}.status, applicable, passed, ${groups} as groups,
      nullif(score_number(data_type, ${scores}.status, value, applicable), 'NaN') as number
    from ${scores} ${join}
    where ${scores}.project_id = ${projectId} and ${isWithin(`${target.table}.created_at`, range)}
      ${metricName === undefined ? sql`` : sql`and ${scores}.name = ${metricName}`}
      and ${matchesScoreFilters(target.table, projectId, filters)}
    -- Keeps PostgreSQL from parsing the text again for each use of the number.
    offset 0
  )`;
}

/**
 * The rows of `counted` in the groups that are shown: `label`, and `is_other` for the sum of all others. The groups
 * with the most scores are shown.
 */
export const labelled = sql`
  largest as (
    select coalesce(array_agg(member), '{}') as names from (
      select member from counted, lateral (select distinct member from unnest(groups) member) its
      where member is not null group by member order by sum(scores) desc, member collate "C" limit ${limits.scoreGroups}
    ) ranked
  ), labelled as (
    select counted.*, label, is_other from counted cross join largest cross join lateral (
      select distinct case when member = any(names) then member end as label, 
        member is not null and member <> all(names) as is_other
      from unnest(groups) member
    ) its
  )`;

/** A row's group: its value, or null for the scores without one and for the sum of all other groups. */
export interface Group {
  readonly label: string | null;
  readonly is_other: boolean;
}

/** Groups in the order of their values; then the scores without one, and the other groups. */
export const inGroupOrder = sql`is_other, label collate "C"`;

/** The group of a row, as the answer shows it. */
export function shownGroup({ groupBy }: ScoreSource, { label, is_other }: Group): { group?: ScoreGroup } {
  return groupBy === undefined ? {} : { group: { value: label, is_other } };
}

/** The columns of `traces` by which scores can be grouped; `tags` holds several values. */
const traceColumns = {
  release: "release",
  environment: "environment",
  tags: "tags",
  user_id: "user_id",
  trace_name: "name",
} as const satisfies Partial<Record<ScoreGroupBy, string>>;

/** The expression for the groups of a score, and the table that it needs. A score without a value has the group null. */
function groupsOf(
  { target, projectId, filters = {} }: ScoreSource,
  groupBy: ScoreGroupBy | undefined,
): { groups: RawBuilder<unknown>; join: RawBuilder<unknown> } {
  const scores = sql.table(target.table);
  switch (groupBy) {
    case undefined:
      return { groups: sql`array[null::text]`, join: sql`` };
    case "source":
    case "eval_run_id":
      return { groups: sql`array[${scores}.${sql.ref(groupBy)}::text]`, join: sql`` };
    case "model":
      return {
        groups: sql`coalesce(run.judges, array[run.model])`,
        join: sql`left join eval_runs run on run.project_id = ${scores}.project_id and run.id = ${scores}.eval_run_id`,
      };
    default: {
      const column = sql.ref(`trace.${traceColumns[groupBy]}`);
      if (target.type === "TRACE")
        return {
          groups:
            groupBy === "tags"
              ? sql`coalesce(nullif(${column}, '{}'), array[null::text])`
              : sql`array[${column}]`,
          join: sql`join traces trace on trace.project_id = ${scores}.project_id and trace.trace_id = ${scores}.trace_id`,
        };
      const matching = matchingTraces(projectId, filters);
      const values =
        groupBy === "tags"
          ? sql`cross join unnest(trace.tags) value`
          : sql`cross join lateral (select ${column} as value) its`;
      return {
        groups: sql`coalesce(groups_of_session.groups, array[null::text])`,
        join: sql`left join (
          select session_id, array_agg(distinct value) as groups from traces trace ${values}
          where project_id = ${projectId} and session_id is not null and value is not null
            ${matching === null ? sql`` : sql`and trace_id in ${matching.select("traces.trace_id")}`}
          group by session_id
        ) groups_of_session on groups_of_session.session_id = ${scores}.session_id`,
      };
    }
  }
}
