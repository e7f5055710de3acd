import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/cli.ts", "src/index.ts"],
  format: "esm",
  platform: "node",
  target: "node22",
  dts: { entry: "src/index.ts" },
  clean: true,
});
