#!/usr/bin/env node
import { exitCodes } from "./exit-codes.ts";
import { main } from "./main.ts";
import { useProxy } from "./use-proxy.ts";

/** As `engines` of the package says. */
const oldestNode = 22;

// The reader of the output may go away (`| head`): reports and exit code still tell the result.
process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  if (code !== "EPIPE") process.stderr.write(`pandaprobe: the results could not be written: ${message}\n`);
});
process.stderr.on("error", () => {});
if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(
    `pandaprobe needs Node.js ${oldestNode} or newer; this is ${process.versions.node}.\n`,
  );
  process.exitCode = exitCodes.wrongUse;
} else {
  if (!useProxy()) {
    process.stderr.write(
      "pandaprobe: this version of Node.js cannot use the proxy that HTTP_PROXY or HTTPS_PROXY names: try the newest one. Requests are made without it.\n",
    );
  }
  process.exitCode = await main(process.argv.slice(2));
}
