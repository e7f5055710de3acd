import { defineConfig } from "tsup";

export default defineConfig({
  entry: { cli: "src/cli.ts", index: "src/index.ts", thread: "src/compute/thread.ts" },
  format: "esm",
  platform: "node",
  target: "node22",
  dts: { entry: "src/index.ts" },
  clean: true,
});
