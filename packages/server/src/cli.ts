#!/usr/bin/env node

/** The minimum in the package's `engines`. */
const oldestNode = "22.18.0";

if (process.versions.node.localeCompare(oldestNode, "en", { numeric: true }) >= 0) {
  // Imported only now: older versions cannot load it.
  const { program } = await import("./cli/program.ts");
  await program.parseAsync();
} else {
  process.stderr.write(
    `pandaprobe-server needs Node.js ${oldestNode} or newer; this is ${process.versions.node}.\n`,
  );
  process.exitCode = 1;
}
