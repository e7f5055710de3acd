import { readOptions, usage } from "../examples/demo/options.ts";
import { runDemo } from "../examples/demo/run-demo.ts";

const interrupted = new AbortController();
const signalNumbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
for (const [signal, number] of Object.entries(signalNumbers)) {
  // Not once: a second Ctrl-C must not cut the clearing up short, which is bounded.
  process.on(signal, () => {
    if (interrupted.signal.aborted) return;
    process.exitCode = 128 + number;
    interrupted.abort();
    console.error("\nStopping the server and removing its data.");
  });
}

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
