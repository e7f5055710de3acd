import { pino } from "pino";
import type { Config } from "../config/config.ts";
import type { Database } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open-database.ts";
import { withConfig } from "./with-config.ts";

/** Runs a command on the migrated database, which a server may be using at the same time. */
export async function withDatabase(work: (db: Database, config: Config) => Promise<void>): Promise<void> {
  await withConfig(async (config) => {
    const log = pino({ level: "warn" });
    const open = await openDatabase(config, log, { shared: true });
    try {
      await migrate(open.db, open.pool, log);
      await work(open.db, config);
    } finally {
      await open.close();
    }
  });
}
