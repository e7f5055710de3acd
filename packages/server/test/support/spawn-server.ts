import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

export interface SpawnedServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** All lines it has printed so far. */
  readonly lines: readonly string[];
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const folder = path.join(import.meta.dirname, "../..");

/** From source, unless `npm test` has just built the command, which then starts in half the time. */
const command =
  process.env["PANDAPROBE_BUILT"] === "1"
    ? [path.join(folder, "dist/cli.js")]
    : ["--conditions=@pandaprobe/source", path.join(folder, "src/cli.ts")];

/** Runs the real command in a process of its own. */
export function spawnCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(process.execPath, [...command, ...args], {
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      PORT: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Starts a server in a process of its own, and waits until it is ready. */
export async function spawnServer(
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<SpawnedServer> {
  const child = spawnCli(["start", ...args], environment);
  const lines: string[] = [];
  const ready = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      const url = /"url":"([^"]+)"/.exec(line)?.[1];
      if (url !== undefined) ready.resolve(url);
      else if (line.includes("Evaluating, without an API")) ready.resolve("");
    });
  }
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const url = await Promise.race([
    ready.promise,
    exited.then(({ code }) => {
      throw new Error(`The server ended (${code}) before it was ready:\n${lines.join("\n")}`);
    }),
  ]);
  return {
    url,
    process: child,
    lines,
    end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}
