import { dirname, join } from "node:path";
import { run } from "../support/run.ts";

/** jest's result of a test. A test that passed has no messages. */
export interface JestOutcome {
  readonly title: string;
  readonly failureMessages: readonly string[];
}

/** Runs a test file in a real jest, set up as docs/testing.md says. */
export async function runInJest(jest: string, file: string): Promise<JestOutcome[]> {
  const project = dirname(file);
  const config = {
    rootDir: project,
    testMatch: [file],
    setupFilesAfterEnv: ["@pandaprobe/sdk/testing/jest"],
    // No transforms, and nothing left behind.
    transform: {},
    cacheDirectory: join(project, "jest-cache"),
  };
  const modules = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const options = ["--config", JSON.stringify(config), "--json", "--runInBand", "--watchman=false"];
  const failed = (error: unknown) => {
    // A failed test exits with 1, and its result is in the JSON.
    if (error instanceof Error && "stdout" in error && error.stdout !== "") return error;
    throw error;
  };
  const { stdout } = (await run(process.execPath, [...modules, jest, ...options], {
    cwd: project,
    timeout: 60_000,
  }).catch(failed)) as { stdout: string };
  const { testResults } = JSON.parse(stdout) as {
    testResults: { assertionResults: JestOutcome[]; message: string }[];
  };
  const outcomes = testResults.flatMap(({ assertionResults }) => assertionResults);
  if (outcomes.length === 0) throw new Error(`No test ran: ${testResults[0]?.message ?? stdout}`);
  return outcomes;
}
