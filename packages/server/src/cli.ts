#!/usr/bin/env node
import { isSupportedNode, oldestNode } from "./cli/supported-node.ts";

if (isSupportedNode(process.versions.node)) {
  // Loaded only now: older versions fail on the way.
  const { program } = await import("./cli/program.ts");
  await program.parseAsync();
} else {
  process.stderr.write(
    `pandaprobe-server needs Node.js ${oldestNode} or newer; this is ${process.versions.node}.\n`,
  );
  process.exitCode = 1;
}
