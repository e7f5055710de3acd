import { z } from "zod";
import { timestamp } from "./common/dates.ts";
import { uuid } from "./common/ids.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { projectName } from "./common/project-name.ts";
import { c } from "./common/router.ts";

export const ProjectListItem = z
  .object({
    id: uuid,
    name: z.string(),
    created_at: timestamp,
    traces: z.int().describe("How many traces it holds."),
    last_trace_at: timestamp.nullable().describe("When its latest trace started; `null` where it has none."),
  })
  .meta({ id: "ProjectListItem" });
export type ProjectListItem = z.infer<typeof ProjectListItem>;

export const ProjectPage = page("ProjectPage", ProjectListItem);
export type ProjectPage = z.infer<typeof ProjectPage>;

export const QuotaUsage = z
  .object({
    used: z.number(),
    limit: z.number().nullable().describe("`null`: no limit."),
  })
  .meta({ id: "QuotaUsage", description: "How much of a quota is used." });
export type QuotaUsage = z.infer<typeof QuotaUsage>;

export const ProjectUsage = z
  .object({
    project: z.string(),
    traces: QuotaUsage.describe("Traces that it holds."),
    bytes: QuotaUsage.describe("Bytes of JSON and text in these traces and their spans."),
    monitors: QuotaUsage.describe("Monitors that it has, paused ones included."),
    runs_today: QuotaUsage.describe(
      "Runs that were created since midnight UTC, those deleted since included.",
    ),
    usd_today: QuotaUsage.describe("What judge calls have cost since midnight UTC, in USD."),
    usd_committed: z
      .number()
      .describe("What the runs under way that have a `max_cost_usd` may still spend, in USD."),
    resets_at: timestamp.describe("The next midnight UTC, when `runs_today` and `usd_today` begin at 0."),
  })
  .meta({ id: "ProjectUsage", description: "What a project uses, and what it may use at the most." });
export type ProjectUsage = z.infer<typeof ProjectUsage>;

const reads = {
  tag: "Administration",
  scope: "read",
  project: "path",
  errors: ["not_found"],
} as const satisfies RouteMetadata;

const ofProject = z.object({ project_name: projectName });

export const projects = c.router({
  listProjects: {
    method: "GET",
    path: "/projects",
    summary: "List the projects that the key opens",
    description: "By name. A project begins with the first write to it.",
    metadata: { ...reads, project: "none", errors: [] },
    query: z.object(paging()),
    responses: { 200: ProjectPage },
  },
  getProjectUsage: {
    method: "GET",
    path: "/projects/:project_name/usage",
    summary: "Get what a project uses of its quotas",
    metadata: reads,
    pathParams: ofProject,
    responses: { 200: ProjectUsage },
  },
  deleteProject: {
    method: "DELETE",
    path: "/projects/:project_name",
    summary: "Delete a project",
    description:
      "With everything in it. It is gone from the API at once, and its name is free; workers then erase what is stored, in batches. The audit log has `project.erased` once nothing is left.",
    metadata: { ...reads, scope: "admin", audit: "project.deleted" },
    pathParams: ofProject,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
