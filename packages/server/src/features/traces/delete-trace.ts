import type { Database } from "../../db/database.ts";
import { notFound } from "../problem.ts";

/** Deletes a trace; its spans and scores go with it. */
export async function deleteTrace(db: Database, projectId: string, traceId: string): Promise<void> {
  const result = await db
    .deleteFrom("traces")
    .where("project_id", "=", projectId)
    .where("trace_id", "=", traceId)
    .executeTakeFirst();
  if (result.numDeletedRows === 0n) throw notFound("trace", traceId);
}
