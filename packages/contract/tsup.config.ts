import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", otel: "src/otel/index.ts", rules: "src/rules/index.ts" },
  format: "esm",
  // TypeScript 7 has written them (`tsconfig.declarations.json`), in a fraction of the time that tsup would take.
  dts: {
    entry: {
      index: ".declarations/index.d.ts",
      otel: ".declarations/otel/index.d.ts",
      rules: ".declarations/rules/index.d.ts",
    },
  },
  clean: true,
  target: "es2023",
});
