import { readOptions, usage } from "../examples/demo/options.ts";
import { runDemo } from "../examples/demo/run-demo.ts";
import { runCommand } from "./run-command.ts";

const interrupted = new AbortController();

/** Ignores a second Ctrl-C: cleaning up is bounded, and must not be cut short. */
function interrupt(exitCode: number): void {
  if (interrupted.signal.aborted) return;
  process.exitCode = exitCode;
  interrupted.abort();
  console.error("\nStopping the server and removing its data.");
}

// By convention the exit code of a program that a signal ends is 128 plus the signal's number.
process.on("SIGHUP", () => interrupt(128 + 1));
process.on("SIGINT", () => interrupt(128 + 2));
process.on("SIGTERM", () => interrupt(128 + 15));
// The reader has gone (`| head`, a closed terminal). Node.js gets no SIGPIPE, so act as if it had.
process.stdout.on("error", () => interrupt(128 + 13));
process.stderr.on("error", () => interrupt(128 + 13));

/** The server that is kept shows its page, which a checkout has only once it is built. */
async function buildPage(): Promise<void> {
  const command = { program: "node", args: ["--run", "build"], cwd: "packages/web" };
  const { succeeded, output } = await runCommand(command, "collected");
  if (!succeeded) throw new Error(`The page cannot be built.\n${output}`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else {
    if (options.keep) await buildPage();
    await runDemo(options, interrupted.signal);
  }
  // Ctrl-C is the normal way to end a server that was kept.
  process.exitCode = 0;
} catch (error) {
  if (!interrupted.signal.aborted) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
