import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { type EndedCommand, runMain } from "../../../../sdk/test/cli/support/run-main.ts";
import { type Credentials, credentialsEnvironment } from "./credentials-environment.ts";

const command = path.join(import.meta.dirname, "../../../../sdk/src/cli/index.ts");
const fromSource = ["--conditions=@pandaprobe/source", "--disable-warning=ExperimentalWarning", command];

/** The command in a process of its own, from source, with nothing in its environment but what it is given. */
export function startCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcessByStdio<null, Readable, Readable> {
  const child = spawn(process.execPath, [...fromSource, ...args], {
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** The result of the command, once it has ended. */
export async function endedCommand(
  child: ChildProcessByStdio<null, Readable, Readable>,
): Promise<EndedCommand> {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}

/** Runs `pandaprobe eval …` in this process, to its end; a test runs one at a time. */
export function runEval(
  credentials: Credentials,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  onStderr?: (text: string) => void,
): Promise<EndedCommand> {
  return runMain(["eval", ...args], { ...credentialsEnvironment(credentials), ...environment }, onStderr);
}

export interface TerminalCommand {
  /** All that was written to the terminal so far, escapes and all. */
  readonly screen: () => string;
  /** Types into the terminal: "\x03" is Ctrl-C. */
  type(keys: string): void;
  readonly exitCode: Promise<number | null>;
}

/** Whether util-linux's `script` is installed. Other versions take other arguments. */
export const canMakeTerminals = `${spawnSync("script", ["--version"]).stdout}`.includes("util-linux");

/** Runs the shell's command on a terminal of its own; `script` of util-linux makes it. */
export function onTerminal(
  shellCommand: string,
  environment: Readonly<Record<string, string>>,
  { cwd, columns = 80 }: { readonly cwd?: string; readonly columns?: number } = {},
): TerminalCommand {
  const child = spawn("script", ["-qefc", `stty cols ${columns}; exec ${shellCommand}`, "/dev/null"], {
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      TERM: "xterm-256color",
      SHELL: "/bin/sh",
      ...environment,
    },
    cwd,
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    screen += chunk;
  });
  return {
    screen: () => screen,
    type: (keys) => child.stdin.write(keys),
    exitCode: once(child, "close").then(([code]) => code),
  };
}

/** `pandaprobe eval …` from source, for a shell. */
export function evalForShell(args: readonly string[]): string {
  return [process.execPath, ...fromSource, "eval", ...args].map((word) => `'${word}'`).join(" ");
}
