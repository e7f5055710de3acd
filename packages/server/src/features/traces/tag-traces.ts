import { type BatchTagsRequest, limits, tooManyTags } from "@pandaprobe/contract";
import { refusalProblem } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { isOneOf, lockTraces } from "./lock-traces.ts";

/**
 * Adds tags to traces, then removes tags. Tags keep their order and are unique. Traces whose tags would not change are not
 * touched.
 *
 * @returns how many of the traces exist.
 * @throws ProblemError if one of them would exceed the limit of tags, and has fewer now.
 */
export async function tagTraces(
  db: Database | DatabaseTransaction,
  projectId: string,
  { trace_ids, add_tags = [], remove_tags = [] }: BatchTagsRequest,
): Promise<number> {
  return inTransaction(db, async (transaction) => {
    const ids = await lockTraces(transaction, projectId, isOneOf(trace_ids));
    // Computed in the database, so that tags need not be transferred.
    const tags = sql<string[]>`array(
      select tag
      from unnest(tags || ${add_tags}::text[]) with ordinality as every(tag, place)
      where tag <> all(${remove_tags}::text[])
      group by tag
      order by min(place))`;
    const tooMany = await transaction
      .selectFrom("traces")
      .select("trace_id")
      .where("project_id", "=", projectId)
      .where(isOneOf(ids))
      .where(sql<SqlBool>`cardinality(${tags}) > greatest(cardinality(tags), ${limits.tags})`)
      .orderBy("trace_id")
      .execute();
    if (tooMany.length > 0) throw refusalProblem(tooManyTags(tooMany.map(({ trace_id }) => trace_id)));
    await transaction
      .updateTable("traces")
      .set({ tags, updated_at: sql<string>`now_ms()` })
      .where("project_id", "=", projectId)
      .where(isOneOf(ids))
      .where(sql<SqlBool>`tags <> ${tags}`)
      .execute();
    return ids.length;
  });
}
