import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** The workspace's packages are tested from their sources: no build comes before a test. */
const conditions = ["@pandaprobe/source", "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["@pandaprobe/source", "node", "module-sync"] } },
  test: {
    // One more than the processors of the smallest machine: tests often wait.
    maxWorkers: 3,
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
          include: ["packages/{contract,sdk}/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "server",
          include: ["packages/server/test/**/*.test.ts", "examples/**/*.test.ts", "chaos/**/*.test.ts"],
          // Each file would load the whole server anew.
          isolate: false,
          globalSetup: "packages/server/test/support/global-setup.ts",
        },
      },
    ],
  },
});
