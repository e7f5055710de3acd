import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { memoryFolder } from "./scripts/memory-folder.ts";

const temporaryFolder = process.env["TMPDIR"] ?? memoryFolder();
// This process, those of the tests and what they start read it there.
if (temporaryFolder !== undefined) process.env["TMPDIR"] = temporaryFolder;

/** The workspace's packages are tested from their sources: no build comes before a test. */
const conditions = ["@pandaprobe/source", "module", "node", "development|production"];

/** Files that take longest. Started last, each would run alone at the end. */
const longest = /short-form|abuse|runtimes|installed|mortal-processes|conformance/;

/** All senders of a process share their exit hooks, which these tests replace. */
const senders = "packages/sdk/test/traces/*.test.ts";

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (longest.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["@pandaprobe/source", "node", "module-sync"] } },
  test: {
    sequence: { sequencer: LongestFirst },
    // Twice the processors of the smallest machine: tests often wait.
    maxWorkers: 4,
    // Of the tests of one file that may run side by side.
    maxConcurrency: 2,
    // Programs that tests start load their TypeScript in half the time.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/node-compile") },
    // Longer than any test takes on a busy machine: they wait for conditions.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    tags: [
      { name: "slow", description: "Left out by npm test -- --fast." },
      {
        name: "tail",
        description: "Varies what another test covers. Only npm test -- --nightly runs it, and its name.",
      },
      {
        name: "nightly",
        description: "Has a long form, which npm test -- --nightly runs.",
        timeout: 600_000,
      },
    ],
    projects: [
      {
        extends: true,
        test: {
          name: "packages",
          include: ["packages/{contract,sdk,web}/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
          exclude: [senders],
          // Isolated, each file would load the contract and the SDK again, which takes longer than most tests.
          isolate: false,
          globalSetup: "packages/sdk/test/support/global-setup.ts",
        },
      },
      {
        extends: true,
        test: { name: "senders", include: [senders] },
      },
      {
        extends: true,
        test: {
          name: "server",
          include: ["packages/server/test/**/*.test.ts", "examples/**/*.test.ts", "chaos/**/*.test.ts"],
          // Isolated, each file would load the whole server again.
          isolate: false,
          // A test measures what is held. To expose `gc` once threads run can crash the process.
          execArgv: ["--expose-gc"],
          globalSetup: "packages/server/test/support/global-setup.ts",
        },
      },
    ],
  },
});
