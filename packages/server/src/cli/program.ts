import { Command, Option } from "commander";
import { variables } from "../config.ts";
import { serverVersion } from "../version.ts";

/* Each command is loaded when it is run: managing keys need not wait for what judging takes. */

export const program = new Command("pandaprobe-server")
  .description("PandaProbe's evaluation server: stores traces, has judges score them, serves the scores.")
  .version(serverVersion)
  .addHelpText("after", `\n${environmentHelp()}`)
  .showHelpAfterError();

program
  .command("start", { isDefault: true })
  .description("serve the API and evaluate")
  .addOption(
    new Option("--role <role>", "what this process does; several of each may share one PostgreSQL")
      .choices(["all", "api", "worker"])
      .default("all"),
  )
  .action(async (options) => (await import("./start-command.ts")).runServer(options));

program
  .command("migrate")
  .description("bring the database up to date, and end")
  .action(async () => (await import("./migrate-command.ts")).migrateDatabase());

const keys = program.command("keys").description("manage API keys");
keys
  .command("create")
  .description("make a key and print it; it is not kept, so note it down")
  .option("--organization <name>", "whose projects it opens; made if it does not exist", "default")
  .option("--name <name>", "a label, to tell keys apart", "unnamed")
  .option("--expires <date>", "an RFC 3339 date after which it no longer works")
  .action(async (options) => (await import("./keys-command.ts")).createKey(options));
keys
  .command("list")
  .description("list all keys")
  .action(async () => (await import("./keys-command.ts")).listKeys());
keys
  .command("revoke")
  .description("make a key stop working")
  .argument("<id>", "the key's id")
  .action(async (id) => (await import("./keys-command.ts")).revokeKey(id));

function environmentHelp(): string {
  const width = Math.max(...Object.keys(variables).map((name) => name.length));
  const rows = Object.entries(variables).map(([name, { help }]) => `  ${name.padEnd(width)}  ${help}`);
  return `Environment variables (docs/configuration.md says more):\n${rows.join("\n")}`;
}
