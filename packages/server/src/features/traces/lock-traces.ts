import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { Schema } from "../../db/schema.ts";

/** Which traces. */
export type TraceCondition = (row: ExpressionBuilder<Schema, "traces">) => Expression<SqlBool>;

/** The traces of these ids. */
export function isOneOf(traceIds: readonly string[]): TraceCondition {
  return (row) => sql<SqlBool>`${row.ref("trace_id")} = any(${traceIds}::uuid[])`;
}

/**
 * Locks the traces that `condition` holds for until the transaction ends: whoever else writes them or their spans waits.
 *
 * @returns their ids, in the order in which all who lock many of them do it, so that no two wait for each other.
 */
export async function lockTraces(
  db: DatabaseTransaction,
  projectId: string,
  condition: TraceCondition,
): Promise<string[]> {
  const rows = await db
    .selectFrom("traces")
    .select("trace_id")
    .where("project_id", "=", projectId)
    .where(condition)
    .orderBy("trace_id")
    .forUpdate()
    .execute();
  return rows.map(({ trace_id }) => trace_id);
}
