import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const command = fileURLToPath(new URL("../../../src/cli/index.ts", import.meta.url));
const fromSource = ["--conditions=@pandaprobe/source", "--disable-warning=ExperimentalWarning", command];

export type Command = ChildProcessByStdio<null, Readable, Readable>;

/** For a server that accepts any. */
export const credentials = { PANDAPROBE_API_KEY: "sk_pp_a", PANDAPROBE_PROJECT_NAME: "b" };

/**
 * Starts the command from source in a process of its own, with only the given environment.
 *
 * @param shellCommand runs the command in a shell, as `"$@"`.
 */
export function startCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  shellCommand = 'exec "$@"',
): Command {
  const words = ["-c", shellCommand, "sh", process.execPath, ...fromSource, ...args];
  const child = spawn("sh", words, {
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      ...credentials,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** Its exit code and what it wrote, once it has ended. */
export async function endedCommand(child: Command) {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout).catch(() => ""),
    text(child.stderr).catch(() => ""),
    once(child, "exit"),
  ]);
  return { code: code as number | null, stdout, stderr };
}
