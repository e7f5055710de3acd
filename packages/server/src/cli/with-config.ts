import { ModelError, ProblemError } from "@pandaprobe/contract/rules";
import { type Config, readConfig } from "../config/config.ts";
import { ConfigError } from "../config/variables.ts";
import {
  DataFolderInUseError,
  DataFolderUnusableError,
  EmbeddedPostgresError,
} from "../db/embedded/index.ts";

/** Runs a command with the configuration. Errors that the user can fix are printed without a stack trace. */
export async function withConfig(command: (config: Config) => Promise<void>): Promise<void> {
  try {
    // The only place that reads the environment.
    await command(readConfig(process.env));
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
}

const fixable = [
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
    return "The address is in use. Choose another with PORT (and HOST), or stop the process that uses it.";
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "28P01" || code === "3D000") {
    return `Cannot connect to the database in DATABASE_URL: ${error.message || code}.`;
  }
  return fixable.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}
