import { ConfigError } from "../config/variables.ts";
import { recordEvent } from "../features/audit/audit-log.ts";
import { deleteOrganization, deleteProject, eraseProject } from "../features/projects/delete-project.ts";
import { listProjects } from "../features/projects/list-projects.ts";
import { readProjectUsage } from "../features/quotas/read-usage.ts";
import { organizationOf, projectOf } from "./find-project.ts";
import { withDatabase } from "./with-database.ts";

interface OfOrganization {
  readonly organization: string;
}

export async function showProjects({ organization }: OfOrganization): Promise<void> {
  await withDatabase(async (db) => {
    const organizationId = await organizationOf(db, organization);
    const everything = { limit: 1_000_000, offset: 0 };
    const { items } = await listProjects(db, { organizationId, projects: null }, everything);
    console.table(
      items.map(({ id, name, created_at, traces, last_trace_at }) => ({
        id,
        name,
        created: created_at,
        traces,
        "last trace": last_trace_at ?? "none",
      })),
    );
  });
}

export async function showUsage(name: string, { organization }: OfOrganization): Promise<void> {
  await withDatabase(async (db, { quotas }) => {
    const project = await projectOf(db, organization, name);
    const usage = await readProjectUsage(db, project, quotas, new Date());
    const { project: _name, resets_at, usd_committed, ...used } = usage;
    console.table(
      Object.fromEntries(
        Object.entries(used).map(([quota, { used: value, limit }]) => [
          quota,
          { used: value, limit: limit ?? "none" },
        ]),
      ),
    );
    console.log(
      `Runs in progress may still spend ${usd_committed} USD. The day's counts reset at ${resets_at}.`,
    );
  });
}

export async function removeProject(name: string, options: OfOrganization & { yes?: true }): Promise<void> {
  await withDatabase(async (db) => {
    const organizationId = await organizationOf(db, options.organization);
    const project = await projectOf(db, options.organization, name);
    confirm(options.yes, `the project ${JSON.stringify(name)} of ${JSON.stringify(options.organization)}`);
    await deleteProject(db, project.id);
    await recordEvent(db, organizationId, { action: "project.deleted", project: name, subject: name });
    await eraseProject(db, project.id, new AbortController().signal);
    console.log(`Erased the project ${JSON.stringify(name)}.`);
  });
}

export async function removeOrganization(name: string, options: { yes?: true }): Promise<void> {
  await withDatabase(async (db) => {
    const organizationId = await organizationOf(db, name);
    confirm(options.yes, `the organization ${JSON.stringify(name)}, its keys and all its projects`);
    await deleteOrganization(db, organizationId);
    console.log(`Erased the organization ${JSON.stringify(name)}.`);
  });
}

function confirm(yes: true | undefined, what: string): void {
  if (yes) return;
  throw new ConfigError(`This permanently erases ${what}. Nothing was deleted; confirm with --yes.`);
}
