import { readFileSync } from "node:fs";
import { defineConfig, type Options } from "tsup";

const kyLicense = readFileSync(new URL("node_modules/ky/license", import.meta.url), "utf8").trim();
const common: Options = { entry: ["src/index.ts"], dts: true, target: "es2023" };

export default defineConfig([
  { ...common, format: "esm" },
  {
    ...common,
    format: "cjs",
    // ky is ESM alone, which jest, older bundlers and Node before 22.12 cannot `require`: it comes along.
    noExternal: ["ky"],
    banner: { js: `/*! Holds ky (https://github.com/sindresorhus/ky).\n${kyLicense}\n*/` },
  },
]);
