import { spawn } from "node:child_process";
import { platform } from "node:os";
import { parse } from "node:path";
import type { RunAs } from "./run-as.ts";

export interface Outcome {
  /** `undefined` when a signal ended the program. */
  readonly code: number | undefined;
  /** Standard output and standard error, in the order of their arrival. */
  readonly output: string;
}

/**
 * Runs a program to its end. Rejects with the system's error (`EACCES`, `ENOENT`, `EPERM`, …) if it can't be started.
 *
 * It gets an environment of its own: `PG*` variables and locales of ours would change what PostgreSQL does, and a
 * database that outlives this process must not carry our providers' keys along.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  runAs: RunAs | undefined,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ["ignore", "pipe", "pipe"],
      // Wherever we are, the other user may not be allowed to be.
      cwd: parse(file).root,
      windowsHide: true,
      ...(platform() === "win32" ? {} : { env: { LC_ALL: "C", PATH: "/usr/local/bin:/usr/bin:/bin" } }),
      ...(runAs === undefined ? {} : { uid: runAs.uid, gid: runAs.gid }),
    });
    let output = "";
    const collect = (chunk: string) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? undefined, output: output.trim() }));
  });
}
