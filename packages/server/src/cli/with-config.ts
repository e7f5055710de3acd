import { ModelError, ProblemError } from "@pandaprobe/contract/rules";
import { type Config, readConfig } from "../config/config.ts";
import { ConfigError } from "../config/variables.ts";
import {
  DataFolderInUseError,
  DataFolderUnusableError,
  EmbeddedPostgresError,
} from "../db/embedded/index.ts";

/** Runs a command with the configuration. What the user can mend is said without a stack trace. */
export async function withConfig(command: (config: Config) => Promise<void>): Promise<void> {
  try {
    // The one place where the environment comes in.
    await command(readConfig(process.env));
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
}

const mendable = [
  ConfigError,
  ProblemError,
  ModelError,
  DataFolderInUseError,
  DataFolderUnusableError,
  EmbeddedPostgresError,
];

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return "The address is in use. Choose another with PORT (and HOST), or stop what listens there.";
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "28P01" || code === "3D000") {
    return `Cannot connect to the database that DATABASE_URL names: ${error.message || code}.`;
  }
  return mendable.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}
