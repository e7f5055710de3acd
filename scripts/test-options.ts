import { parseArgs } from "node:util";

export interface TestOptions {
  readonly help: boolean;
  /** Leaves out the tests that are tagged `slow`, and the build, which no other test needs. */
  readonly fast: boolean;
  /** Runs only the tests that are tagged `tail`, and those tagged `nightly`, in their long form. */
  readonly nightly: boolean;
  readonly isWanted: (step: string) => boolean;
  /** For vitest: files, a name pattern, whatever came after `--`. */
  readonly testArguments: readonly string[];
}

/** Reports a command line that we can't use. */
export class UsageError extends Error {}

export function helpText(steps: readonly string[]): string {
  return `npm test -- [options] [test files]

Runs ${steps.join(", ")}, in this order, and stops at the first step that fails.

  --fast          leave out the build and the slow tests
  --nightly       run only what takes long: randomized tests with many more values, other ways to
                  install the SDK, and all chaos scenarios
  --only STEP     run one step
  --skip STEP     run every step but one
  -t NAME         run only the tests whose name matches
  -- …            pass what follows to vitest

Given test files or a name, it runs only those tests:

  npm test -- packages/sdk
  npm test -- packages/sdk/test/retries.test.ts -t "counts attempts"`;
}

/** @throws UsageError */
export function parseTestOptions(args: readonly string[], steps: readonly string[]): TestOptions {
  const { values, positionals } = parse(args);
  const { help = false, fast = false, nightly = false, only, skip, testNamePattern } = values;
  for (const step of [only, skip]) {
    if (step !== undefined && !steps.includes(step)) {
      throw new UsageError(`There is no step "${step}". The steps are ${steps.join(", ")}.`);
    }
  }
  if (fast && nightly) throw new UsageError("--fast and --nightly exclude each other.");
  const named = testNamePattern === undefined ? [] : ["--testNamePattern", testNamePattern];
  const testArguments = [...positionals, ...named];
  const selectsTests = nightly || testArguments.length > 0;
  if (selectsTests && ((only ?? "tests") !== "tests" || skip !== undefined)) {
    throw new UsageError("Test files, -t and --nightly go with --only tests, and with no other step.");
  }
  const onlyStep = selectsTests ? "tests" : only;
  return {
    help,
    fast,
    nightly,
    isWanted: (step) =>
      (onlyStep ?? step) === step && skip !== step && !(fast && step === "build" && only === undefined),
    testArguments,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h" },
        fast: { type: "boolean" },
        nightly: { type: "boolean" },
        only: { type: "string" },
        skip: { type: "string" },
        testNamePattern: { type: "string", short: "t" },
      },
      allowPositionals: true,
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [message = ""] = error.message.split(". To specify");
    throw new UsageError(`${message}. See npm test -- --help; put options of vitest after a second --.`);
  }
}
