import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { Schema } from "../../db/schema.ts";

/** A condition on rows of `traces`. */
export type TraceCondition = (row: ExpressionBuilder<Schema, "traces">) => Expression<SqlBool>;

/** Matches the traces with these ids. */
export function isOneOf(traceIds: readonly string[]): TraceCondition {
  return (row) => sql<SqlBool>`${row.ref("trace_id")} = any(${traceIds}::uuid[])`;
}

/**
 * Locks the matching traces until the transaction ends. Other transactions that write them or their spans wait. Traces are
 * always locked in the order of their ids, so that no two transactions deadlock.
 *
 * @returns their ids, in that order.
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
