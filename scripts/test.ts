// The gate, for people and for CI. Stops at the first step that fails.
//
//   npm test                                       every step
//   npm test -- --only tests packages/sdk          one step; what follows goes to its program
//   npm test -- --skip tests                       all but one
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packagesInBuildOrder } from "./packages.ts";
import { type Command, runCommand } from "./run-command.ts";
import { formatTestTotals, readTestTotals } from "./test-totals.ts";

interface Step {
  readonly name: string;
  readonly title: string;
  readonly commands: readonly Command[];
}

const steps: readonly Step[] = [
  {
    name: "lint",
    title: "Format and lint",
    commands: [{ program: "biome", args: ["check", "--error-on-warnings"] }],
  },
  {
    name: "prose",
    title: "Plain English",
    commands: [{ program: "node", args: ["scripts/check-prose.ts"] }],
  },
  {
    name: "types",
    title: "Types",
    commands: ["tsconfig.json", "packages/contract", "packages/sdk"].map((project) => ({
      program: "tsc",
      args: ["--pretty", "-p", project],
    })),
  },
  {
    name: "structure",
    title: "Who imports whom",
    commands: [{ program: "node", args: ["--conditions=@pandaprobe/source", "scripts/check-structure.ts"] }],
  },
  {
    name: "supply",
    title: "Bill of materials and known vulnerabilities",
    commands: [{ program: "node", args: ["scripts/supply-chain.ts"] }],
  },
  {
    name: "build",
    title: "Build",
    commands: packagesInBuildOrder().map((cwd) => ({ program: "node", args: ["--run", "build"], cwd })),
  },
];

const { values, positionals } = parseArgs({
  options: { only: { type: "string" }, skip: { type: "string" } },
  allowPositionals: true,
});
const isWanted = (name: string) => (values.only ?? name) === name && values.skip !== name;

process.exitCode = (await runGate()) ? 0 : 1;

async function runGate(): Promise<boolean> {
  const names = [...steps.map((step) => step.name), "tests"];
  const unknown = [values.only, values.skip].find((name) => name !== undefined && !names.includes(name));
  if (unknown !== undefined || (positionals.length > 0 && values.only === undefined)) {
    console.error(
      `usage: npm test -- [--skip STEP | --only STEP [arguments …]], STEP being ${names.join(", ")}`,
    );
    return false;
  }
  for (const step of steps) {
    if (isWanted(step.name) && !(await runStep(step))) return false;
  }
  return !isWanted("tests") || (await runTests());
}

/** One line if all is well, everything that was printed if not. */
async function runStep({ title, commands }: Step): Promise<boolean> {
  process.stdout.write(`${title} … `);
  const started = performance.now();
  const notes: string[] = [];
  for (const command of commands) {
    const { succeeded, output } = await runCommand(
      { ...command, args: [...command.args, ...positionals] },
      "collected",
    );
    notes.push(...output.split("\n").filter((line) => line.startsWith("Skipped: ")));
    if (succeeded) continue;
    console.log(
      `failed\n\n$ ${[command.program, ...command.args].join(" ")}\n${output}\n\nStopped: ${title} failed.`,
    );
    return false;
  }
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
  for (const note of notes) console.log(note);
  return true;
}

async function runTests(): Promise<boolean> {
  console.log("Tests");
  const folder = mkdtempSync(join(tmpdir(), "pandaprobe-report-"));
  try {
    const report = join(folder, "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const result = await runCommand(
      { program: "vitest", args: ["run", ...reporters, ...positionals] },
      "shown",
    );
    if (!existsSync(report)) {
      console.log("\nStopped: vitest ended before it could report.");
      return false;
    }
    const totals = readTestTotals(report);
    if (!result.succeeded && totals.failed === 0)
      console.log("vitest failed outside of the tests; see above.");
    // Of some tests, what was not asked for is skipped too.
    if (positionals.length === 0) for (const name of totals.skippedNames) console.log(`Skipped: ${name}`);
    console.log(formatTestTotals(totals));
    return result.succeeded;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
