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
    traces: z.int().describe("The number of traces."),
    last_trace_at: timestamp.nullable().describe("When its latest trace started. `null` if it has none."),
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
  .meta({ id: "QuotaUsage", description: "The usage of one quota." });
export type QuotaUsage = z.infer<typeof QuotaUsage>;

export const ProjectUsage = z
  .object({
    project: z.string(),
    traces: QuotaUsage.describe("Stored traces."),
    bytes: QuotaUsage.describe(
      "Bytes of JSON and text in these traces and their spans, and in their messages from `/v1/logs` of the last 24 hours.",
    ),
    monitors: QuotaUsage.describe("Monitors, including paused ones."),
    runs_today: QuotaUsage.describe("Runs created since midnight UTC, including deleted ones."),
    usd_today: QuotaUsage.describe("The cost of judge calls since midnight UTC, in USD."),
    usd_committed: z
      .number()
      .describe("What open runs with a `max_cost_usd`, and metrics being tried, may still spend, in USD."),
    resets_at: timestamp.describe("The next midnight UTC, when `runs_today` and `usd_today` restart at 0."),
  })
  .meta({ id: "ProjectUsage", description: "The usage and the quotas of a project." });
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
    summary: "List projects",
    description:
      "The projects that the key can access, by name. A project is created by the first write to it.",
    metadata: { ...reads, project: "none", errors: [] },
    query: z.object(paging()),
    responses: { 200: ProjectPage },
  },
  getProjectUsage: {
    method: "GET",
    path: "/projects/:project_name/usage",
    summary: "Get the quota usage of a project",
    metadata: reads,
    pathParams: ofProject,
    responses: { 200: ProjectUsage },
  },
  deleteProject: {
    method: "DELETE",
    path: "/projects/:project_name",
    summary: "Delete a project",
    description:
      "Deletes the project with everything in it. It disappears from the API at once, and its name is free again. Workers then erase the data in batches. The audit log shows `project.erased` when they are done.",
    metadata: { ...reads, scope: "admin", audit: "project.deleted" },
    pathParams: ofProject,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
