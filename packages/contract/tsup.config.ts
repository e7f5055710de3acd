import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", otel: "src/otel/index.ts", rules: "src/rules/index.ts" },
  format: "esm",
  dts: true,
  clean: true,
  target: "es2023",
});
