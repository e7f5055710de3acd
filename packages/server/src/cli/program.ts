import { Command, Option } from "commander";
import { variables } from "../config/variables.ts";
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
  .option(
    "--scopes <list>",
    "what it may do, separated by commas: ingest (write and delete traces), read, evaluate (runs, scores, monitors), admin (keys, the audit log, deleting projects) (default: ingest,read,evaluate)",
  )
  .option(
    "--projects <list>",
    "the projects that it opens, by name, separated by commas; not with admin (default: all)",
  )
  .option("--expires <date>", "an RFC 3339 date from which on it no longer works (default: never)")
  .action(async (options) => (await import("./keys-command.ts")).createKey(options));
keys
  .command("list")
  .description("list all keys: what they may do, and when they were last used")
  .action(async () => (await import("./keys-command.ts")).listKeys());
keys
  .command("rotate")
  .description("make a key like another one and print it; the old one goes on working for a while")
  .argument("<id>", "the old key's id")
  .option("--overlap <time>", "how long the old one goes on working: 0s, 30m, 24h, 7d, up to 30d", "24h")
  .action(async (id, options) => (await import("./keys-command.ts")).rotateKey(id, options));
keys
  .command("revoke")
  .description("make a key stop working at once; streams that it has open end within seconds")
  .argument("<id>", "the key's id")
  .action(async (id) => (await import("./keys-command.ts")).revokeKey(id));

const projects = program
  .command("projects")
  .description("list projects, their use of quotas, and delete them");
const organizationOption = ["--organization <name>", "whose projects", "default"] as const;
projects
  .command("list")
  .description("list the projects of an organization")
  .option(...organizationOption)
  .action(async (options) => (await import("./projects-command.ts")).showProjects(options));
projects
  .command("usage")
  .description("show what a project uses of its quotas")
  .argument("<name>", "the project's name")
  .option(...organizationOption)
  .action(async (name, options) => (await import("./projects-command.ts")).showUsage(name, options));
projects
  .command("delete")
  .description("erase a project with everything in it; stopped halfway, a worker does the rest")
  .argument("<name>", "the project's name")
  .option(...organizationOption)
  .option("--yes", "really do it")
  .action(async (name, options) => (await import("./projects-command.ts")).removeProject(name, options));

program
  .command("organizations")
  .description("delete an organization")
  .command("delete")
  .description("erase an organization: its keys, and its projects with everything in them; can be repeated")
  .argument("<name>", "the organization's name")
  .option("--yes", "really do it")
  .action(async (name, options) => (await import("./projects-command.ts")).removeOrganization(name, options));

function environmentHelp(): string {
  const width = Math.max(...Object.keys(variables).map((name) => name.length));
  const rows = Object.entries(variables).map(([name, { help }]) => `  ${name.padEnd(width)}  ${help}`);
  return `Environment variables (docs/configuration.md says more):\n${rows.join("\n")}`;
}
