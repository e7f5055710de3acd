import { dirname, join } from "node:path";
import { run } from "../support/run.ts";

/** What jest says of a test; the messages of one that passed are none. */
export interface JestOutcome {
  readonly title: string;
  readonly failureMessages: readonly string[];
}

/** Runs a test file in a whole jest, set up as docs/testing.md tells. */
export async function runInJest(jest: string, file: string): Promise<JestOutcome[]> {
  const project = dirname(file);
  const config = {
    rootDir: project,
    testMatch: [file],
    setupFilesAfterEnv: ["@pandaprobe/sdk/testing/jest"],
    // Nothing is transformed, and nothing stays behind.
    transform: {},
    cacheDirectory: join(project, "jest-cache"),
  };
  const modules = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const options = ["--config", JSON.stringify(config), "--json", "--runInBand", "--watchman=false"];
  const failed = (error: unknown) => {
    // A failed test is exit code 1, and told as JSON too.
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
