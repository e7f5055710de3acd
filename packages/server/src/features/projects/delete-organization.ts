import { type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { deleteProject, eraseProject } from "./delete-project.ts";

/**
 * Erases an organization with everything in it: its keys stop working first, then its projects go one after the other.
 * Begun again, it goes on where it stopped.
 */
export async function deleteOrganization(db: Database, organizationId: string): Promise<void> {
  const never = new AbortController().signal;
  await db
    .updateTable("api_keys")
    .set({ revoked_at: sql<string>`now_ms()` })
    .where("organization_id", "=", organizationId)
    .where("revoked_at", "is", null)
    .execute();
  const projects = await db
    .selectFrom("projects")
    .select("id")
    .where("organization_id", "=", organizationId)
    .execute();
  for (const { id } of projects) {
    await deleteProject(db, id);
    await eraseProject(db, id, never);
  }
  const keysOf = sql<SqlBool>`api_key_id in (select id from api_keys where organization_id = ${organizationId})`;
  await db.deleteFrom("rate_limits").where(keysOf).execute();
  await db.deleteFrom("request_counts").where(keysOf).execute();
  await db.deleteFrom("organizations").where("id", "=", organizationId).execute();
}
