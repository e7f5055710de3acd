import { parseDateTime } from "@pandaprobe/contract";
import { pino } from "pino";
import { ConfigError } from "../config.ts";
import type { Database } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open-database.ts";
import { addApiKey, generateApiKey, listApiKeys, revokeApiKey } from "../features/projects/api-keys.ts";
import { withConfig } from "./with-config.ts";

export async function createKey(options: {
  organization: string;
  name: string;
  expires?: string;
}): Promise<void> {
  await withDatabase(async (db) => {
    const expiresAt = options.expires === undefined ? null : parseDateTime(options.expires);
    if (options.expires !== undefined && expiresAt === null) {
      throw new ConfigError(
        `--expires must be an RFC 3339 date such as 2027-01-31, not ${JSON.stringify(options.expires)}.`,
      );
    }
    const key = generateApiKey();
    await addApiKey(db, key, { organization: options.organization, name: options.name, expiresAt });
    console.log(key);
  });
}

export async function listKeys(): Promise<void> {
  await withDatabase(async (db) => {
    console.table(await listApiKeys(db));
  });
}

export async function revokeKey(id: string): Promise<void> {
  await withDatabase(async (db) => {
    if (!(await revokeApiKey(db, id))) throw new ConfigError(`There is no valid key ${id}: see keys list.`);
    console.log(`Revoked ${id}.`);
  });
}

async function withDatabase(work: (db: Database) => Promise<void>): Promise<void> {
  await withConfig(async (config) => {
    const log = pino({ level: "warn" });
    const open = await openDatabase(config, log, { shared: true });
    try {
      await migrate(open.db, open.pool, log);
      await work(open.db);
    } finally {
      await open.close();
    }
  });
}
