import { type RawBuilder, type SqlBool, sql } from "kysely";

/** Whether a trace is still being written: its root has not ended, and its last change is less than `quietMs` ago. */
export function isBeingWritten(trace: string, quietMs: number): RawBuilder<SqlBool> {
  return sql`(${wasNotEnded(trace)} and ${sql.ref(`${trace}.updated_at`)} > ${quietSince(quietMs)})`;
}

/** Whether a trace has no root that has ended. */
export function wasNotEnded(trace: string): RawBuilder<SqlBool> {
  return sql`(${sql.ref(`${trace}.status`)} = 'RUNNING' and ${sql.ref(`${trace}.ended_at`)} is null)`;
}

/** A trace that has not changed since then is quiet. */
export function quietSince(quietMs: number): RawBuilder<string> {
  return sql`now() - ${quietMs} * interval '1 millisecond'`;
}
