/**
 * Who may import whom. A file may import from its own floor and from those below, never up, and no two files import
 * each other, not even types. `docs/architecture.md` shows the floors.
 */

/** The server's floors, top down, by the names of the folders and files at the top of its sources. */
const floors = [
  ["index", "cli"],
  ["start"],
  ["http", "jobs"],
  ["features"],
  ["compute"],
  ["judge"],
  ["db", "metrics", "masking", "config", "log", "time-limit", "version"],
];

const server = "^packages/server/src/";
const part = (...names) => `${server}(?:${names.join("|")})(?:/|\\.ts$)`;
const npm = (...names) => `(?:^|/)node_modules/(?:${names.join("|")})(?:/|$)`;
const anyNpm = "(?:^|/)node_modules/";
const entryPoints = [
  "^packages/[^/]+/src/index\\.ts$",
  "^packages/contract/src/(?:otel|rules)/index\\.ts$",
  "^packages/server/src/cli\\.ts$",
  "^packages/web/src/(?:main\\.tsx|css\\.d\\.ts)$",
  // Runs in threads.
  "^packages/server/src/compute/thread\\.ts$",
  "^packages/sdk/src/(?:testing/[^/]+|admin|cli|metrics|openai-agents|otel|review|traces|tracing|validate)/index\\.ts$",
];

const error = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

const floorRules = floors.slice(1).map((names, index) => {
  const above = floors.slice(0, index + 1).flat();
  return error(
    `no-import-up-from-${names.join("-and-")}`,
    `${names.join(", ")} may not know of ${above.join(", ")}.`,
    { path: part(...names) },
    { path: part(...above) },
  );
});

export default {
  forbidden: [
    error("no-cycles", "No two files import each other.", {}, { circular: true }),
    ...floorRules,
    error(
      "no-part-without-floor",
      "A new folder or file at the top of the server's sources has to be given a floor.",
      {},
      { path: server, pathNot: part(...floors.flat()) },
    ),
    error("http-knows-no-jobs", "They meet in features.", { path: part("http") }, { path: part("jobs") }),
    error("jobs-know-no-http", "They meet in features.", { path: part("jobs") }, { path: part("http") }),
    error(
      "metrics-know-only-the-judge-they-are-handed",
      "Anyone can write a metric: no database, no HTTP, no provider, no configuration.",
      { path: part("metrics") },
      {
        path: [
          part("db", "config"),
          npm("ai", "@ai-sdk", "pg", "kysely", "graphile-worker", "fastify", "@fastify"),
        ],
      },
    ),
    error(
      "contract-is-zod-and-ts-rest",
      "Both sides and browsers load the contract.",
      { path: "^packages/contract/src/", pathNot: "^packages/contract/src/rules/" },
      { pathNot: ["^packages/contract/src/", npm("zod", "@ts-rest/core")] },
    ),
    error(
      "contract-knows-no-rules",
      "Clients need the schemas; only implementations of the API need the rules and the mapping of spans.",
      { path: "^packages/contract/src/", pathNot: "^packages/contract/src/(?:otel|rules)/" },
      { path: "^packages/contract/src/(?:otel|rules)/" },
    ),
    error(
      "span-mapping-is-pure",
      "It is bundled into the SDK's exporter, so it brings neither zod nor the contract.",
      { path: "^packages/contract/src/otel/" },
      {
        pathNot: [
          "^packages/contract/src/otel/",
          "^packages/contract/src/common/(?:exact-integers|span-order)\\.ts$",
        ],
      },
    ),
    error(
      "rules-are-pure",
      "The mock server runs them in browsers: no Node.js, no database.",
      { path: "^packages/contract/src/rules/" },
      { pathNot: ["^packages/contract/src/", npm("croner", "leven", "zod")] },
    ),
    error(
      "sdk-is-ky",
      "What an application installs is ky and plain types; nothing of Node.js in the core.",
      {
        path: "^packages/sdk/src/",
        pathNot: "^packages/sdk/src/(?:testing|cli|openai-agents|otel|validate)/",
      },
      { pathNot: ["^packages/sdk/src/", npm("ky")] },
    ),
    error(
      "sdk-otel-adds-the-mapping-of-spans",
      "It is bundled, and brings nothing else.",
      { path: "^packages/sdk/src/otel/" },
      { pathNot: ["^packages/sdk/src/", "^packages/contract/src/otel/index\\.ts$"] },
    ),
    error(
      "sdk-openai-agents-adds-the-mapping-of-spans",
      "Its types are its own, because a program may have any version of the library, or none.",
      { path: "^packages/sdk/src/openai-agents/" },
      { pathNot: ["^packages/sdk/src/", "^packages/contract/src/otel/index\\.ts$"] },
    ),
    error(
      "sdk-validation-adds-the-contract",
      "It comes along in the built file, with the zod that it stands on, and with nothing else.",
      { path: "^packages/sdk/src/validate/" },
      { pathNot: ["^packages/sdk/src/", "^packages/contract/src/index\\.ts$"] },
    ),
    error(
      "sdk-testing-msw-adds-the-contract",
      "It stands on the contract, its rules and its mapping of spans, which are bundled; msw is the program's own.",
      { path: "^packages/sdk/src/testing/msw/" },
      {
        pathNot: [
          "^packages/sdk/src/(?:index|async/on-abort|options/environment|generated/.*|testing/msw/.*)\\.ts$",
          "^packages/contract/src/(?:(?:otel|rules)/)?index\\.ts$",
          npm("msw"),
        ],
      },
    ),
    error(
      "sdk-matchers-know-no-test-framework",
      "One logic for all of them: vitest and jest have it registered.",
      { path: "^packages/sdk/src/testing/(?:matchers|jest|vitest)/" },
      {
        pathNot: ["^packages/sdk/src/(?:index|testing/matchers/.*)\\.ts$", npm("expect", "vitest")],
      },
    ),
    error(
      "sdk-matchers-import-types-alone",
      "They run without the client.",
      { path: "^packages/sdk/src/testing/matchers/" },
      { pathNot: "^packages/sdk/src/testing/matchers/", dependencyTypesNot: ["type-only"] },
    ),
    error(
      "sdk-client-knows-no-other-entry-point",
      "What is optional must not get into the bundle of every application.",
      {
        path: "^packages/sdk/src/",
        pathNot:
          "^packages/sdk/src/(?:testing|admin|cli|metrics|openai-agents|otel|review|traces|tracing|validate)/",
      },
      {
        path: "^packages/sdk/src/(?:testing|admin|cli|metrics|openai-agents|otel|review|traces|tracing|validate)/",
      },
    ),
    error(
      "packages-meet-at-their-entry-points",
      "By name, as an application would import them; never by a path into another package.",
      // The command's tests call its main(): a process for each would take ten times as long.
      { path: "^packages/([^/]+)/", pathNot: "^packages/server/test/eval-command/" },
      { path: "^packages/(?!$1/)[^/]+/", dependencyTypes: ["local"] },
    ),
    error(
      "packages-show-only-their-entry-points",
      "The same for what users are shown; a package's test helpers are free to use.",
      { path: "^(?:examples|scripts)/" },
      { path: "^packages/[^/]+/src/", dependencyTypes: ["local"] },
    ),
    error(
      "no-tests-in-sources",
      "What is shipped doesn't need the tests.",
      { path: "^packages/[^/]+/src/" },
      { path: "^packages/[^/]+/test/|^examples/|^bench/|^chaos/|^scripts/" },
    ),
    error(
      "no-undeclared-package",
      "A package's sources import what its package.json declares as a dependency; ky is built into the SDK, whose testing kit has peers that are tested here.",
      { path: "^packages/[^/]+/src/" },
      {
        dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"],
        pathNot: npm("ky", "expect", "msw", "vitest"),
      },
    ),
    error(
      "no-missing-file",
      "What is imported has to exist. The programs that record fixtures run where their libraries are installed.",
      { pathNot: "^scripts/record-otel-fixtures/.*\\.mjs$" },
      { couldNotResolve: true },
    ),
    error(
      "no-dead-file",
      "Every source file is reached from an entry point of its package.",
      { path: entryPoints },
      { path: "^packages/[^/]+/src/", pathNot: entryPoints, reachable: false },
    ),
  ],
  options: {
    doNotFollow: { path: anyNpm },
    exclude: { path: "^packages/[^/]+/(dist|\\.declarations)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@pandaprobe/source", "import", "require", "node", "default", "types"],
    },
  },
};
