import { readOptions, usage } from "../examples/demo/options.ts";
import { runDemo } from "../examples/demo/run-demo.ts";

const interrupted = new AbortController();

/** Only the first time: a second Ctrl-C must not cut the clearing up short, which is bounded. */
function interrupt(exitCode: number): void {
  if (interrupted.signal.aborted) return;
  process.exitCode = exitCode;
  interrupted.abort();
  console.error("\nStopping the server and removing its data.");
}

// By convention a program that a signal ends answers 128 and the signal's number.
process.on("SIGHUP", () => interrupt(128 + 1));
process.on("SIGINT", () => interrupt(128 + 2));
process.on("SIGTERM", () => interrupt(128 + 15));
// Nobody reads any more (`| head`, a closed terminal): the same as SIGPIPE, which Node.js does not get.
process.stdout.on("error", () => interrupt(128 + 13));
process.stderr.on("error", () => interrupt(128 + 13));

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else await runDemo(options, interrupted.signal);
  // Also where Ctrl-C ended a server that was kept for that long.
  process.exitCode = 0;
} catch (error) {
  if (!interrupted.signal.aborted) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
