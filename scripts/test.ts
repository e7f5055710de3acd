// The gate, for people and for CI: npm test -- --help
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packagesInBuildOrder } from "./packages.ts";
import { type Command, runCommand } from "./run-command.ts";
import { helpText, parseTestOptions, type TestOptions, UsageError } from "./test-options.ts";
import { formatTestTotals, readTestTotals } from "./test-totals.ts";

interface Step {
  readonly name: string;
  readonly title: string;
  readonly commands: readonly Command[];
}

const build: Step = {
  name: "build",
  title: "Build",
  commands: packagesInBuildOrder().map((cwd) => ({ program: "node", args: ["--run", "build"], cwd })),
};

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
    commands: ["tsconfig.json", "packages/contract", "packages/sdk", "packages/web"].map((project) => ({
      program: "node",
      args: [
        "node_modules/typescript-7/bin/tsc",
        // Half the work of many threads, and hardly slower on two cores.
        "--singleThreaded",
        ...["--pretty", "-p", project, "--incremental", "--tsBuildInfoFile", buildInfo(project)],
      ],
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
  build,
];

/** What tsc knows from the last run, so that it checks again only what has changed. */
function buildInfo(project: string): string {
  return `node_modules/.cache/types/${project.replaceAll("/", "-")}.tsbuildinfo`;
}

const names = [...steps.map((step) => step.name), "tests"];
process.exitCode = (await runGate()) ? 0 : 1;

async function runGate(): Promise<boolean> {
  try {
    const options = parseTestOptions(process.argv.slice(2), names);
    if (options.help) {
      console.log(helpText(names));
      return true;
    }
    const wanted = steps.filter(({ name }) => options.isWanted(name));
    if (!(await runSteps(wanted))) return false;
    return !options.isWanted("tests") || (await runTests(options, wanted.includes(build)));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return false;
  }
}

/** Runs the build beside the checks, because each step keeps one processor busy. The first failure stops both. */
async function runSteps(wanted: readonly Step[]): Promise<boolean> {
  const failure = new AbortController();
  const runInTurn = async (those: readonly Step[]) => {
    for (const step of those) {
      if (!(await runStep(step, failure.signal))) failure.abort();
      if (failure.signal.aborted) return;
    }
  };
  const checks = wanted.filter((step) => step !== build);
  await Promise.all([runInTurn(checks), runInTurn(wanted.filter((step) => step === build))]);
  return !failure.signal.aborted;
}

/** Prints one line for a step that passes, and all its output for one that fails by itself. */
async function runStep({ title, commands }: Step, stop: AbortSignal): Promise<boolean> {
  const started = performance.now();
  const notes: string[] = [];
  for (const command of commands) {
    const { succeeded, output } = await runCommand(command, "collected", stop);
    if (stop.aborted) return false;
    notes.push(...output.split("\n").filter((line) => line.startsWith("Skipped: ")));
    if (succeeded) continue;
    const line = [command.program, ...command.args].join(" ");
    console.log(`${title} … failed\n\n$ ${line}\n${output}\n\nStopped: ${title} failed.`);
    return false;
  }
  console.log(`${title} … ${((performance.now() - started) / 1000).toFixed(1)} s`);
  for (const note of notes) console.log(note);
  return true;
}

async function runTests({ fast, nightly, testArguments }: TestOptions, isBuilt: boolean): Promise<boolean> {
  console.log("Tests");
  // Tests of the packages as they are published need not build them again.
  if (isBuilt) process.env["PANDAPROBE_BUILT"] = "1";
  const folder = mkdtempSync(join(tmpdir(), "pandaprobe-report-"));
  try {
    const report = join(folder, "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const filter = nightly ? "nightly or tail" : fast ? "!slow and !tail" : "!tail";
    // Tests that are asked for by file or name run whatever their tags.
    const filters = nightly || testArguments.length === 0 || fast ? [`--tags-filter=${filter}`] : [];
    if (nightly) process.env["NIGHTLY"] = "1";
    const result = await runCommand(
      { program: "vitest", args: ["run", ...reporters, ...filters, ...testArguments] },
      "shown",
    );
    if (!existsSync(report)) {
      console.log("\nStopped: vitest ended before it could write its report.");
      return false;
    }
    const totals = readTestTotals(report, fast ? ["slow", "tail"] : ["tail"]);
    if (!result.succeeded && totals.failed === 0)
      console.log("vitest failed, but no test did: see its output above.");
    // A selection of tests skips all others; only a whole run names those that this machine can't run.
    if (!nightly && testArguments.length === 0)
      for (const name of totals.skippedNames) console.log(`Skipped: ${name}`);
    console.log(formatTestTotals(totals));
    return result.succeeded;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
