import { readFileSync } from "node:fs";
import { estimateCommand } from "./estimate-command.ts";
import { evalCommand } from "./eval-command.ts";
import { evalSettings } from "./eval-settings.ts";
import { exitCodes } from "./exit-codes.ts";
import { evalHelp, mainHelp } from "./help.ts";
import { parseArguments } from "./parse-arguments.ts";
import { UsageError } from "./usage-error.ts";

/** Runs the command line. @returns the exit code */
export async function main([command, ...args]: readonly string[]): Promise<number> {
  try {
    switch (command) {
      case "eval":
        return await runEval(args);
      case undefined:
      case "help":
      case "--help":
      case "-h":
        return print(mainHelp);
      case "--version":
        return print(`${version()}\n`);
      default:
        throw new UsageError(`Unknown command "${command}". Did you mean eval?`);
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`pandaprobe: ${error.message}\n`);
    // The client throws for an invalid option, such as the endpoint.
    if (error instanceof UsageError) process.stderr.write("See pandaprobe eval --help for all options.\n");
    return exitCodes.wrongUse;
  }
}

async function runEval(args: readonly string[]): Promise<number> {
  const options = parseArguments(args);
  if (options.help === true) return print(evalHelp);
  if (options.version === true) return print(`${version()}\n`);
  const settings = evalSettings(options);
  return settings.isEstimate ? estimateCommand(settings) : evalCommand(settings);
}

function print(text: string): number {
  process.stdout.write(text);
  return exitCodes.passed;
}

function version(): string {
  // By the package's name, because sources and built file are at different depths.
  const manifest = readFileSync(new URL(import.meta.resolve("@pandaprobe/sdk/package.json")), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
