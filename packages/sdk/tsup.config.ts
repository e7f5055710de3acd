import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

const kyLicense = readFileSync(new URL("node_modules/ky/license", import.meta.url), "utf8").trim();

/** ky comes along: its 26 files take four times as long to import as one, and jest cannot `require` ESM. */
export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  dts: true,
  target: "es2023",
  noExternal: ["ky"],
  banner: { js: `/* Holds ky (https://github.com/sindresorhus/ky).\n${kyLicense}\n*/` },
});
