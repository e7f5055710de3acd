/** Holds a data folder as a server would, for tests that kill it: `node embedded-owner.ts <data folder>`. */
import { startEmbeddedPostgres } from "../../src/db/embedded/index.ts";

const [, , dataDir] = process.argv;
if (dataDir === undefined) throw new Error("usage: embedded-owner.ts <data folder>");
try {
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined, durable: false });
  process.stdout.write(`${JSON.stringify({ connectionString: postgres.connectionString })}\n`);
  // Standard input closes when the test run ends, for whatever reason.
  process.stdin.resume().once("close", () => void postgres.stop());
  process.once("SIGTERM", () => {
    process.stdin.destroy();
  });
} catch (error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  process.stdout.write(`${JSON.stringify({ name, message })}\n`);
}
