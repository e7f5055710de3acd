import { type SpawnOptions, spawn } from "node:child_process";

export interface Command {
  /** A program of node_modules/.bin, or `node`. */
  readonly program: string;
  readonly args: readonly string[];
  /** The folder it runs in. Default: the current one. */
  readonly cwd?: string;
}

export interface CommandResult {
  readonly succeeded: boolean;
  /** What it printed; empty if it printed to the terminal itself. */
  readonly output: string;
}

/**
 * Runs a program to its end and passes signals on, so that it can clean up before we go.
 *
 * @param stop Ends the program early, which then did not succeed.
 */
export function runCommand(
  command: Command,
  output: "shown" | "collected",
  stop?: AbortSignal,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const options: SpawnOptions = {
      stdio: output === "shown" ? "inherit" : ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      ...(stop === undefined ? {} : { signal: stop }),
    };
    const child = spawn(command.program, command.args, options);
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        printed += chunk;
      });
    }
    const passOn = (signal: NodeJS.Signals) => {
      // A terminal's Ctrl-C reaches the program by itself.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, passOn);
    child.once("error", (error) => {
      // A program that is stopped still closes.
      if (stop?.aborted !== true) reject(error);
    });
    child.once("close", (code) => {
      for (const signal of signals) process.off(signal, passOn);
      resolve({ succeeded: code === 0, output: printed.trim() });
    });
  });
}
