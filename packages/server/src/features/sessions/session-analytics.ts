import type { SessionAnalyticsBucket } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { type AnalyticsPeriod, bucketOf } from "../traces/trace-analytics.ts";

/**
 * Sessions by the buckets in which they have a trace, each with all its traces. The index `traces_by_start` finds the
 * sessions of the period, and `traces_by_session` all traces of each.
 */
export async function sessionAnalytics(
  db: Database,
  projectId: string,
  { granularity, started_after, started_before }: AnalyticsPeriod,
): Promise<SessionAnalyticsBucket[]> {
  return db
    .with("active", (query) =>
      query
        .selectFrom("traces")
        .select([bucketOf(granularity, "started_at").as("bucket"), sql<string>`session_id`.as("id")])
        .distinct()
        .where("project_id", "=", projectId)
        .where("started_at", ">=", started_after)
        .where("started_at", "<", started_before)
        .where("session_id", "is not", null),
    )
    .with("sessions", (query) =>
      query
        .selectFrom((row) => row.selectFrom("active").select("id").distinct().as("active_sessions"))
        .innerJoin("traces", "traces.session_id", "active_sessions.id")
        .where("project_id", "=", projectId)
        .groupBy("active_sessions.id")
        .select([
          "active_sessions.id as id",
          sql<number>`count(*)`.as("trace_count"),
          sql<number>`extract(epoch from max(greatest(started_at, ended_at)) - min(started_at)) * 1000`.as(
            "duration_ms",
          ),
        ]),
    )
    .selectFrom("active")
    .innerJoin("sessions", "sessions.id", "active.id")
    .select([
      "bucket",
      sql<number>`count(*)`.as("session_count"),
      sql<number>`avg(trace_count)::float8`.as("avg_traces_per_session"),
      sql<number>`avg(duration_ms)::float8`.as("avg_session_duration_ms"),
    ])
    .groupBy("bucket")
    .orderBy("bucket")
    .execute();
}
