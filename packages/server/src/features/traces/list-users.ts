import type { UserPage } from "@pandaprobe/contract";
import { type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { type Keyset, pageEnd, positionOf, storedText, timeKey } from "../lists/keyset.ts";
import { allGroups, newestGroups } from "./trace-groups.ts";

interface UserListQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly offset: number;
  /** Whether to count all users. */
  readonly total: boolean;
}

const keyset: Keyset = {
  key: timeKey(sql`max(started_at)`),
  id: sql.ref("user_id"),
  order: "desc",
  idOrder: "asc",
};

/** The users of traces, the most recently seen first. */
export async function listTraceUsers(
  db: Database,
  projectId: string,
  query: UserListQuery,
): Promise<UserPage> {
  const scope = { list: "users", query };
  const position = positionOf(keyset, storedText, scope);
  const named = db.selectFrom("traces").where("project_id", "=", projectId).where("user_id", "is not", null);
  const traces = named.selectAll();
  const part = { ...query, position };
  const groups = async () =>
    (await newestGroups(db, traces, { column: "user_id", idOrder: "asc" }, part)) ??
    allGroups(db, traces, keyset, part);
  const [counted, rows] = await Promise.all([
    query.total
      ? named
          .select((row) => row.fn.count<number>("user_id").distinct().as("total"))
          .executeTakeFirstOrThrow()
      : undefined,
    groups(),
  ]);
  const { page, ...end } = pageEnd(scope, rows, counted?.total);
  const ids = page.map(({ id }) => id);
  const users = await named
    .where(sql<SqlBool>`user_id = any(${ids}::text[])`)
    .groupBy("user_id")
    .select([
      sql<string>`user_id`.as("user_id"),
      sql<number>`count(*)`.as("trace_count"),
      sql<string>`min(started_at)`.as("first_seen"),
      sql<string>`max(started_at)`.as("last_seen"),
      sql<number>`count(*) filter (where status = 'ERROR')`.as("error_count"),
    ])
    .execute();
  const found = new Map(users.map((user) => [user.user_id, user]));
  // Leaves out users whose traces were deleted meanwhile.
  return {
    items: ids.flatMap((id) => found.get(id) ?? []),
    ...end,
    limit: query.limit,
    offset: query.offset,
  };
}
