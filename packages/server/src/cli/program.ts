import { Command, Option } from "commander";
import { variables } from "../config/variables.ts";
import { serverVersion } from "../version.ts";

/* Each command is imported when it runs, so that managing keys does not load the judges. */

export const program = new Command("pandaprobe-server")
  .description("PandaProbe's evaluation server: stores traces, has judges score them, and serves the scores.")
  .version(serverVersion)
  .addHelpText("after", `\n${environmentHelp()}`)
  .showHelpAfterError();

program
  .command("start", { isDefault: true })
  .description("serve the API and evaluate runs")
  .addOption(
    new Option("--role <role>", "what this process does; any number of each may share one PostgreSQL")
      .choices(["all", "api", "worker"])
      .default("all"),
  )
  .action(async (options) => (await import("./start-command.ts")).runServer(options));

program
  .command("migrate")
  .description("bring the database up to date and exit")
  .action(async () => (await import("./migrate-command.ts")).migrateDatabase());

const keys = program.command("keys").description("manage API keys");
keys
  .command("create")
  .description("create a key and print it; it is not stored, so save it")
  .option(
    "--organization <name>",
    "the organization that the key belongs to; created if it does not exist",
    "default",
  )
  .option("--name <name>", "a label to tell keys apart", "unnamed")
  .option(
    "--scopes <list>",
    "its scopes, separated by commas: ingest (write and delete traces), read, evaluate (runs, scores, monitors), admin (keys, the audit log, deleting projects) (default: ingest,read,evaluate)",
  )
  .option(
    "--projects <list>",
    "the names of the projects that it can access, separated by commas; not with admin (default: all)",
  )
  .option("--expires <date>", "the RFC 3339 date when it stops working (default: never)")
  .action(async (options) => (await import("./keys-command.ts")).createKey(options));
keys
  .command("list")
  .description("list all keys with their scopes and last use")
  .action(async () => (await import("./keys-command.ts")).listKeys());
keys
  .command("rotate")
  .description("create a copy of a key and print it; the old one keeps working for a while")
  .argument("<id>", "the old key's id")
  .option("--overlap <time>", "how long the old key keeps working: 0s, 30m, 24h, 7d, at most 30d", "24h")
  .action(async (id, options) => (await import("./keys-command.ts")).rotateKey(id, options));
keys
  .command("revoke")
  .description("make a key stop working at once; its open streams end within seconds")
  .argument("<id>", "the key's id")
  .action(async (id) => (await import("./keys-command.ts")).revokeKey(id));

const projects = program.command("projects").description("list projects, show their usage, and delete them");
const organizationOption = ["--organization <name>", "the organization", "default"] as const;
projects
  .command("list")
  .description("list the projects of an organization")
  .option(...organizationOption)
  .action(async (options) => (await import("./projects-command.ts")).showProjects(options));
projects
  .command("usage")
  .description("show a project's usage and quotas")
  .argument("<name>", "the project's name")
  .option(...organizationOption)
  .action(async (name, options) => (await import("./projects-command.ts")).showUsage(name, options));
projects
  .command("delete")
  .description("erase a project with everything in it; if interrupted, a worker finishes it")
  .argument("<name>", "the project's name")
  .option(...organizationOption)
  .option("--yes", "confirm")
  .action(async (name, options) => (await import("./projects-command.ts")).removeProject(name, options));

program
  .command("organizations")
  .description("delete an organization")
  .command("delete")
  .description("erase an organization with its keys and projects; if interrupted, run it again")
  .argument("<name>", "the organization's name")
  .option("--yes", "confirm")
  .action(async (name, options) => (await import("./projects-command.ts")).removeOrganization(name, options));

program
  .command("audit")
  .description("read the audit log")
  .command("list")
  .description("list changes of keys, settings and monitors, and deletions, newest first")
  .option(...organizationOption)
  .option("--limit <count>", "how many events", "100")
  .option("--json", "print one line of JSON per event")
  .action(async (options) => (await import("./audit-command.ts")).listAuditEvents(options));

function environmentHelp(): string {
  const width = Math.max(...Object.keys(variables).map((name) => name.length));
  const rows = Object.entries(variables).map(([name, { help }]) => `  ${name.padEnd(width)}  ${help}`);
  return `Environment variables (see docs/configuration.md):\n${rows.join("\n")}`;
}
