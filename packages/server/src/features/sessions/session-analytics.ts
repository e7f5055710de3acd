import type { SessionAnalyticsBucket } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { type AnalyticsPeriod, bucketOf } from "../traces/trace-analytics.ts";

/**
 * Sessions by the bucket in which their first trace started. The index `traces_by_start` finds the candidates of the
 * period, and `traces_by_session` all traces of each.
 */
export async function sessionAnalytics(
  db: Database,
  projectId: string,
  { granularity, started_after, started_before }: AnalyticsPeriod,
): Promise<SessionAnalyticsBucket[]> {
  return db
    .with("candidates", (query) =>
      query
        .selectFrom("traces")
        .select(sql<string>`session_id`.as("id"))
        .distinct()
        .where("project_id", "=", projectId)
        .where("started_at", ">=", started_after)
        .where("started_at", "<", started_before)
        .where("session_id", "is not", null),
    )
    .with("sessions", (query) =>
      query
        .selectFrom("candidates")
        .innerJoin("traces", "traces.session_id", "candidates.id")
        .where("project_id", "=", projectId)
        .groupBy("candidates.id")
        .select([
          sql<number>`count(*)`.as("trace_count"),
          sql<string>`min(started_at)`.as("started_at"),
          sql<string>`max(greatest(started_at, ended_at))`.as("ended_at"),
        ]),
    )
    .selectFrom("sessions")
    .where("started_at", ">=", started_after)
    .select([
      bucketOf(granularity, "started_at").as("bucket"),
      sql<number>`count(*)`.as("session_count"),
      sql<number>`avg(trace_count)::float8`.as("avg_traces_per_session"),
      sql<number>`avg(extract(epoch from ended_at - started_at) * 1000)::float8`.as(
        "avg_session_duration_ms",
      ),
    ])
    .groupBy("bucket")
    .orderBy("bucket")
    .execute();
}
