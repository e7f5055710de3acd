import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Stops an embedded PostgreSQL and removes its folder when this process ends. An interrupted test run ends with
 * `process.exit`, which waits for nothing, and PostgreSQL would survive that.
 *
 * @returns Cancels this, after the database was stopped properly.
 */
export function endWithProcess(dataDir: string): () => void {
  const end = () => {
    try {
      // SIGQUIT is PostgreSQL's immediate shutdown.
      process.kill(
        Number.parseInt(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8"), 10),
        "SIGQUIT",
      );
    } catch {
      // It is not running.
    }
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 });
  };
  // A closed terminal ends a process without its exit handlers.
  const hangUp = () => process.exit(129);
  process.once("exit", end);
  process.once("SIGHUP", hangUp);
  return () => {
    process.off("exit", end);
    process.off("SIGHUP", hangUp);
  };
}
