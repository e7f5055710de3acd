import { ConfigError } from "../config/variables.ts";
import { listEvents } from "../features/audit/audit-log.ts";
import { organizationOf } from "./find-project.ts";
import { withDatabase } from "./with-database.ts";

const maxEvents = 1_000_000;

/** Prints the newest events of an organization, newest first. */
export async function listAuditEvents(options: {
  organization: string;
  limit: string;
  json?: true;
}): Promise<void> {
  await withDatabase(async (db) => {
    const limit = Number(options.limit);
    if (!/^\d+$/.test(options.limit) || limit < 1 || limit > maxEvents) {
      throw new ConfigError(
        `--limit must be a number from 1 to ${maxEvents}, not ${JSON.stringify(options.limit)}.`,
      );
    }
    const organizationId = await organizationOf(db, options.organization);
    const { items, total } = await listEvents(db, organizationId, { limit, offset: 0 });
    if (options.json) {
      for (const event of items) console.log(JSON.stringify(event));
      return;
    }
    console.table(
      items.map(({ at, action, project, subject, key_id, details }) => ({
        at,
        action,
        project: project ?? "",
        subject: subject ?? "",
        key: key_id ?? "command line or server",
        details: JSON.stringify(details),
      })),
    );
    if (total > items.length) console.log(`${total - items.length} older events are not shown; see --limit.`);
  });
}
