import { type SqlBool, sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../db/database.ts";
import { hashApiKey } from "./api-keys.ts";

/** Who asks, and for which project. */
export interface Caller {
  readonly apiKeyId: string;
  readonly organizationId: string;
  readonly projectName: string;
  /** The project's id; {@link noProject} while nothing has been written to it. */
  readonly projectId: string;
}

/** An id that no project has: what is read from it is empty. */
export const noProject = "00000000-0000-0000-0000-000000000000";

/** Trimmed, 1 to 255 ASCII letters, digits, spaces and `_ . ' -`, first and last a letter or digit. */
const projectNamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9 _.'-]{0,253}[A-Za-z0-9])?$/;

/** The name as it is stored, or `null` where it is none. */
export function parseProjectName(header: string): string | null {
  const name = header.trim();
  return projectNamePattern.test(name) ? name : null;
}

/** @returns who a valid key belongs to, with the project of that name, if there is one; `null` for any other key. */
export async function findCaller(
  db: Database,
  apiKey: string,
  projectName: string | null,
): Promise<{ apiKeyId: string; organizationId: string; projectId: string } | null> {
  const row = await db
    .selectFrom("api_keys")
    .leftJoin("projects", (join) =>
      join
        .onRef("projects.organization_id", "=", "api_keys.organization_id")
        .on("projects.name", "=", projectName),
    )
    .select(["api_keys.id", "api_keys.organization_id", "projects.id as project_id"])
    .where("key_hash", "=", hashApiKey(apiKey))
    .where("revoked_at", "is", null)
    .where(sql<SqlBool>`(expires_at is null or expires_at > now())`)
    .executeTakeFirst();
  return row === undefined
    ? null
    : { apiKeyId: row.id, organizationId: row.organization_id, projectId: row.project_id ?? noProject };
}

/** The caller with a project that exists: the first write makes it. */
export async function ensureProject(db: Database, caller: Caller): Promise<Caller> {
  if (caller.projectId !== noProject) return caller;
  const { organizationId, projectName } = caller;
  await db
    .insertInto("projects")
    .values({ organization_id: organizationId, id: uuidv7(), name: projectName })
    .onConflict((conflict) => conflict.columns(["organization_id", "name"]).doNothing())
    .execute();
  const { id } = await db
    .selectFrom("projects")
    .select("id")
    .where("organization_id", "=", organizationId)
    .where("name", "=", projectName)
    .executeTakeFirstOrThrow();
  return { ...caller, projectId: id };
}
