import type { KeyScope, ProjectPage } from "@pandaprobe/contract";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../db/database.ts";
import { hashApiKey, works } from "./api-keys.ts";

/** The key that a request came with. */
export interface CallingKey {
  readonly apiKeyId: string;
  readonly organizationId: string;
  readonly scopes: readonly KeyScope[];
  /** The projects that it opens, by name; `null`: all of the organization. */
  readonly projects: readonly string[] | null;
}

/** Who asks, and for which project. */
export interface Caller extends CallingKey {
  readonly projectName: string;
  /** The project's id; {@link noProject} while nothing has been written to it. */
  readonly projectId: string;
}

/** An id that no project has: what is read from it is empty. */
export const noProject = "00000000-0000-0000-0000-000000000000";

/** @returns a key that works, with the project of that name, if there is one; `null` for any other key. */
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
    .where(works)
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

/** The projects that a key opens, by name. Counts of traces are kept, not counted here. */
export async function listProjects(
  db: Database,
  { organizationId, projects }: Pick<CallingKey, "organizationId" | "projects">,
  paging: { readonly limit: number; readonly offset: number },
): Promise<ProjectPage> {
  const opened = db
    .selectFrom("projects")
    .where("organization_id", "=", organizationId)
    .where("deleted_name", "is", null)
    .$if(projects !== null, (all) => all.where("name", "in", [...(projects ?? [])]));
  const [{ total }, items] = await Promise.all([
    opened.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    opened
      .select([
        "id",
        "name",
        "created_at",
        sql<number>`
          coalesce((select traces from project_totals where project_id = projects.id), 0)
          + coalesce((select sum(traces) from project_usage_deltas where project_id = projects.id), 0)`.as(
          "traces",
        ),
        sql<string | null>`(
          select started_at from traces where project_id = projects.id order by started_at desc limit 1
        )`.as("last_trace_at"),
      ])
      .orderBy("name")
      .limit(paging.limit)
      .offset(paging.offset)
      .execute(),
  ]);
  return { items, total, ...paging };
}
