import type { KeyScope } from "@pandaprobe/contract";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../db/database.ts";
import { hashApiKey, isValidKey } from "./api-keys.ts";

/** The API key of a request. */
export interface CallingKey {
  readonly apiKeyId: string;
  readonly organizationId: string;
  readonly scopes: readonly KeyScope[];
  /** The names of the projects that the key has access to; `null`: all of the organization. */
  readonly projects: readonly string[] | null;
}

/** The API key and the project of a request. */
export interface Caller extends CallingKey {
  readonly projectName: string;
  /** {@link noProject} until something is written to the project. */
  readonly projectId: string;
}

/** An id that no project has: everything read from it is empty. */
export const noProject = "00000000-0000-0000-0000-000000000000";

/** @returns a valid key, with the project of that name if there is one; `null` if the key is not valid. */
export async function findKey(
  db: Database,
  apiKey: string,
  projectName: string | null,
): Promise<(CallingKey & { readonly projectId: string }) | null> {
  const row = await db
    .selectFrom("api_keys")
    .leftJoin("projects", (join) =>
      join
        .onRef("projects.organization_id", "=", "api_keys.organization_id")
        .on("projects.name", "=", projectName),
    )
    .select([
      "api_keys.id",
      "api_keys.organization_id",
      "api_keys.scopes",
      "api_keys.projects",
      "projects.id as project_id",
    ])
    .where("key_hash", "=", hashApiKey(apiKey))
    .where(isValidKey)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    apiKeyId: row.id,
    organizationId: row.organization_id,
    scopes: row.scopes,
    projects: row.projects,
    projectId: row.project_id ?? noProject,
  };
}

/** The id of an organization's project; {@link noProject} if nothing has been written to it. */
export async function findProject(db: Database, organizationId: string, name: string): Promise<string> {
  const project = await db
    .selectFrom("projects")
    .select("id")
    .where("organization_id", "=", organizationId)
    .where("name", "=", name)
    .executeTakeFirst();
  return project?.id ?? noProject;
}

/** Creates the caller's project if this is the first write to it. */
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
