import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Sees to it that an embedded PostgreSQL and its folder don't outlive this process. An interrupted test run ends by
 * `process.exit`, which waits for nothing, and PostgreSQL is built to survive that.
 *
 * @returns Ends the watch; for when the database was stopped in an orderly way.
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
      // It does not run.
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
