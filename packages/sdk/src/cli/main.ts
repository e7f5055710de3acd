import { readFileSync } from "node:fs";
import { estimateCommand } from "./estimate-command.ts";
import { evalCommand } from "./eval-command.ts";
import { readEvalOptions } from "./eval-options.ts";
import { evalSettings } from "./eval-settings.ts";
import { exitCodes } from "./exit-codes.ts";
import { exportCommand } from "./export/export-command.ts";
import { exportSettings } from "./export/export-settings.ts";
import { exportHelp } from "./export/help.ts";
import { evalHelp, mainHelp } from "./help.ts";
import { importHelp } from "./import/help.ts";
import { importCommand } from "./import/import-command.ts";
import { importSettings } from "./import/import-settings.ts";
import { didYouMean } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

const commands = { eval: runEval, export: runExport, import: runImport };

/** Runs the command line. @returns the exit code */
export async function main([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case undefined:
    case "help":
    case "--help":
    case "-h":
      return print(mainHelp);
    case "--version":
      return print(`${version()}\n`);
  }
  const known = Object.keys(commands);
  const isKnown = (name: string): name is keyof typeof commands => Object.hasOwn(commands, name);
  if (!isKnown(command)) {
    const meant = didYouMean(command, known) || ` The commands are ${known.join(", ")}.`;
    process.stderr.write(`pandaprobe: Unknown command "${command}".${meant}\n`);
    return exitCodes.wrongUse;
  }
  try {
    return await commands[command](args);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`pandaprobe: ${error.message}\n`);
    // The client throws for an invalid option, such as the endpoint.
    if (error instanceof UsageError)
      process.stderr.write(`See pandaprobe ${command} --help for all options.\n`);
    return exitCodes.wrongUse;
  }
}

async function runEval(args: readonly string[]): Promise<number> {
  const options = readEvalOptions(args);
  if (options.help === true) return print(evalHelp);
  if (options.version === true) return print(`${version()}\n`);
  const settings = evalSettings(options);
  return settings.isEstimate ? estimateCommand(settings) : evalCommand(settings);
}

async function runExport(args: readonly string[]): Promise<number> {
  const settings = exportSettings(args);
  return settings === null ? print(exportHelp) : exportCommand(settings);
}

async function runImport(args: readonly string[]): Promise<number> {
  const settings = importSettings(args);
  return settings === null ? print(importHelp) : importCommand(settings);
}

function print(text: string): number {
  process.stdout.write(text);
  return exitCodes.passed;
}

function version(): string {
  // Found by the package's name, because the sources and the built file are at different depths.
  const manifest = readFileSync(new URL(import.meta.resolve("@pandaprobe/sdk/package.json")), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
