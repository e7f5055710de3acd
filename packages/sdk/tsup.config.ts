import { readFileSync } from "node:fs";
import { defineConfig, type Options } from "tsup";

const license = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8").trim();
const common: Options = {
  target: "es2023",
  // One file per entry point: programs see only public names, and tests know them all.
  splitting: false,
  // The other entry points share the client's classes, however they are loaded.
  external: ["@pandaprobe/sdk", "@pandaprobe/sdk/otel", "@pandaprobe/sdk/review", "@pandaprobe/sdk/traces"],
};
/** Without the mark that has bundlers keep it: it would be a twentieth of what the client weighs in every page. */
const kyNotice = `/* Holds ky (https://github.com/sindresorhus/ky).\n${license("node_modules/ky/license")}\n*/`;
const contractNotice = [
  "/*! Holds zod (https://github.com/colinhacks/zod).",
  license("../contract/node_modules/zod/LICENSE"),
  "\nHolds ts-rest (https://github.com/ts-rest/ts-rest).",
  license("../contract/node_modules/@ts-rest/core/LICENCE"),
  "\nHolds croner (https://github.com/hexagon/croner), in testing/msw.",
  license("../contract/node_modules/croner/LICENSE"),
  "\nHolds leven (https://github.com/sindresorhus/leven), in testing/msw.",
  license("../contract/node_modules/leven/license"),
  "*/",
].join("\n");

const admin = "src/admin/index.ts";
const cli = "src/cli/index.ts";
const index = "src/index.ts";
const metrics = "src/metrics/index.ts";
const openaiAgents = "src/openai-agents/index.ts";
const otel = "src/otel/index.ts";
const review = "src/review/index.ts";
const traces = "src/traces/index.ts";
const tracing = "src/tracing/index.ts";
const validate = "src/validate/index.ts";
const cases = "src/testing/cases/index.ts";
const jest = "src/testing/jest/index.ts";
const matchers = "src/testing/matchers/index.ts";
const msw = "src/testing/msw/index.ts";
const vitest = "src/testing/vitest/index.ts";

/**
 * What TypeScript 7 has written of these entry points (`tsconfig.declarations.json`), in a fraction of the time that tsup
 * would take. tsup only puts the files together.
 */
const declarationsOf = (sources: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [
      name,
      `.declarations/sdk/${source.replace(/\.ts$/, ".d.ts")}`,
    ]),
  );

export default defineConfig([
  { ...common, entry: declarationsOf({ index, validate }), format: ["esm", "cjs"], dts: { only: true } },
  {
    ...common,
    entry: declarationsOf({
      admin,
      "openai-agents": openaiAgents,
      traces,
      "testing/cases": cases,
      "testing/jest": jest,
      "testing/matchers": matchers,
      "testing/msw": msw,
      "testing/vitest": vitest,
    }),
    format: ["esm", "cjs"],
    // `await using` works on what has `Symbol.asyncDispose`, which not every program's `lib` knows.
    dts: { only: true, banner: '/// <reference lib="esnext.disposable" />' },
  },
  {
    ...common,
    entry: declarationsOf({ otel }),
    format: ["esm", "cjs"],
    dts: {
      only: true,
      compilerOptions: {
        paths: { "@pandaprobe/contract/otel": ["./.declarations/contract/src/otel/index.d.ts"] },
      },
    },
  },
  {
    ...common,
    entry: declarationsOf({ tracing }),
    format: ["esm", "cjs"],
    dts: { only: true, banner: '/// <reference lib="esnext.disposable" />' },
  },
  // One by one, because two entry points with types of the API would share a file of them that has no name.
  { ...common, entry: declarationsOf({ metrics }), format: ["esm", "cjs"], dts: { only: true } },
  { ...common, entry: declarationsOf({ review }), format: ["esm", "cjs"], dts: { only: true } },
  // vitest itself cannot be required.
  { ...common, entry: { "testing/vitest": vitest }, format: ["esm"] },
  {
    ...common,
    entry: { index },
    format: ["esm", "cjs"],
    // ky comes along: its 26 files take four times as long to import as one, and jest cannot `require` ESM.
    noExternal: ["ky"],
    banner: { js: kyNotice },
  },
  {
    ...common,
    entry: { cli },
    format: "esm",
    platform: "node",
    noExternal: ["@pandaprobe/contract/otel"],
    esbuildOptions(options) {
      options.conditions = ["@pandaprobe/source", "module"];
    },
  },
  {
    ...common,
    entry: {
      admin,
      metrics,
      "openai-agents": openaiAgents,
      review,
      traces,
      tracing,
      "testing/cases": cases,
      "testing/jest": jest,
      "testing/matchers": matchers,
    },
    format: ["esm", "cjs"],
  },
  {
    ...common,
    entry: { otel },
    format: ["esm", "cjs"],
    noExternal: ["@pandaprobe/contract/otel"],
    esbuildOptions(options) {
      options.conditions = ["@pandaprobe/source", "module"];
    },
  },
  {
    ...common,
    entry: { validate, "testing/msw": msw },
    format: ["esm", "cjs"],
    // Bundles the contract that this version was generated from, so that nothing has to be installed.
    noExternal: [/^@pandaprobe\/contract/, "zod", "@ts-rest/core", "croner", "leven"],
    // Minified, because it is half as much to install, and its source is not meant to be read.
    minify: true,
    esbuildOptions(options) {
      options.conditions = ["@pandaprobe/source", "module"];
    },
    banner: { js: contractNotice },
  },
]);
