import { contract } from "@pandaprobe/contract";
import { noSuchProject } from "@pandaprobe/contract/rules";
import { initServer } from "@ts-rest/fastify";
import { noProject } from "../../features/projects/caller.ts";
import { deleteProject } from "../../features/projects/delete-project.ts";
import { listProjects } from "../../features/projects/list-projects.ts";
import { readProjectUsage } from "../../features/quotas/read-usage.ts";
import { callerOf, keyOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

export function projectRoutes({ db, now, quotas }: HttpContext) {
  return initServer().router(contract.projects, {
    listProjects: async ({ request, query }) => ({
      status: 200,
      body: await listProjects(db, keyOf(request), query),
    }),
    getProjectUsage: async ({ request }) => {
      const { projectId: id, projectName: name } = callerOf(request);
      if (id === noProject) throw noSuchProject(name);
      return { status: 200, body: await readProjectUsage(db, { id, name }, quotas, await now(db)) };
    },
    deleteProject: async ({ request }) => {
      const { projectId: id, projectName: name } = callerOf(request);
      if (!(await deleteProject(db, id))) throw noSuchProject(name);
      return { status: 204, body: undefined };
    },
  });
}
