import type { ProjectPage } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { CallingKey } from "./caller.ts";

/** The projects that a key has access to, by name. Reads stored counts of traces instead of counting rows. */
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
