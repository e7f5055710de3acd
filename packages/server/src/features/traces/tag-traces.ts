import { type BatchTagsRequest, limits } from "@pandaprobe/contract";
import { refusalProblem, tooManyTags } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { isOneOf, lockTraces } from "./lock-traces.ts";

/**
 * Removes tags from traces, then adds tags, so one in both lists stays. Tags keep their order and are unique. Traces
 * whose tags would not change are not touched.
 *
 * @returns how many of the traces exist; 0 without tags to add or remove.
 * @throws ProblemError if one of them would exceed the limit of tags, and has fewer now.
 */
export async function tagTraces(
  db: Database | DatabaseTransaction,
  projectId: string,
  { trace_ids, add_tags = [], remove_tags = [] }: BatchTagsRequest,
): Promise<number> {
  if (add_tags.length + remove_tags.length === 0) return 0;
  const removed = remove_tags.filter((tag) => !add_tags.includes(tag));
  return inTransaction(db, async (transaction) => {
    const ids = await lockTraces(transaction, projectId, isOneOf(trace_ids));
    // Computed in the database, so that tags need not be transferred.
    const tags = sql<string[]>`array(
      select tag
      from unnest(tags || ${add_tags}::text[]) with ordinality as every(tag, place)
      where tag <> all(${removed}::text[])
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
