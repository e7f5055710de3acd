#!/usr/bin/env node
import { exitCodes } from "./exit-codes.ts";
import { main } from "./main.ts";
import { useProxy } from "./use-proxy.ts";

/** The same as `engines` in package.json. */
const oldestNode = 22;

// The reader of the output may exit early (`| head`); the reports and the exit code still give the result.
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
      "pandaprobe: this version of Node.js cannot use the proxy in HTTP_PROXY or HTTPS_PROXY, so requests bypass it. Use the newest Node.js 22, or a later version.\n",
    );
  }
  process.exitCode = await main(process.argv.slice(2));
}
