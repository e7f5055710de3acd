import { pino } from "pino";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open-database.ts";
import { withConfig } from "./with-config.ts";

export async function migrateDatabase(): Promise<void> {
  await withConfig(async (config) => {
    const log = pino({ level: "warn" });
    const open = await openDatabase(config, log);
    try {
      const applied = await migrate(open.db, open.pool, log);
      console.log(applied.length === 0 ? "The database is up to date." : `Applied: ${applied.join(", ")}`);
    } finally {
      await open.close();
    }
  });
}
