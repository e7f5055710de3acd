import { ConfigError } from "../config/variables.ts";
import type { Database } from "../db/database.ts";

/** @returns the organization's id. @throws ConfigError */
export async function organizationOf(db: Database, name: string): Promise<string> {
  const found = await db.selectFrom("organizations").select("id").where("name", "=", name).executeTakeFirst();
  if (found === undefined)
    throw new ConfigError(
      `There is no organization ${JSON.stringify(name)}. See pandaprobe-server keys list.`,
    );
  return found.id;
}

/** @throws ConfigError */
export async function projectOf(
  db: Database,
  organization: string,
  name: string,
): Promise<{ id: string; name: string }> {
  const found = await db
    .selectFrom("projects")
    .select(["id", "name"])
    .where("organization_id", "=", await organizationOf(db, organization))
    .where("name", "=", name)
    .executeTakeFirst();
  if (found === undefined) {
    throw new ConfigError(
      `The organization ${JSON.stringify(organization)} has no project ${JSON.stringify(name)}. See pandaprobe-server projects list.`,
    );
  }
  return found;
}
