import type { UserPage } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";

/** The users of traces, the most recently seen first. The index `traces_by_user` alone finds the users of the page. */
export async function listTraceUsers(
  db: Database,
  projectId: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<UserPage> {
  const named = db.selectFrom("traces").where("project_id", "=", projectId).where("user_id", "is not", null);
  const [{ total }, items] = await Promise.all([
    named.select((row) => row.fn.count<number>("user_id").distinct().as("total")).executeTakeFirstOrThrow(),
    db
      .with("users", () =>
        named
          .groupBy("user_id")
          .select([
            sql<string>`user_id`.as("user_id"),
            sql<number>`count(*)`.as("trace_count"),
            sql<string>`min(started_at)`.as("first_seen"),
            sql<string>`max(started_at)`.as("last_seen"),
          ])
          .orderBy("last_seen", "desc")
          .orderBy("user_id")
          .limit(limit)
          .offset(offset),
      )
      .selectFrom("users")
      .selectAll()
      .select((row) =>
        row
          .selectFrom("traces")
          .select(sql<number>`count(*)`.as("n"))
          .where("project_id", "=", projectId)
          .whereRef("traces.user_id", "=", "users.user_id")
          .where("status", "=", "ERROR")
          .$asScalar()
          .$notNull()
          .as("error_count"),
      )
      .orderBy("last_seen", "desc")
      .orderBy("user_id")
      .execute(),
  ]);
  return { items, total, limit, offset };
}
