#!/usr/bin/env node
import { exitCodes } from "./exit-codes.ts";
import { main } from "./main.ts";

/** As `engines` of the package says. */
const oldestNode = 22;

// Whoever reads the output may leave (`| head`): what it came to still stands in the exit code.
process.stdout.on("error", () => {});
if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(
    `pandaprobe needs Node.js ${oldestNode} or newer; this is ${process.versions.node}.\n`,
  );
  process.exitCode = exitCodes.wrongUse;
} else {
  process.exitCode = await main(process.argv.slice(2));
}
