import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const packageFolder = fileURLToPath(new URL("../../", import.meta.url));

/** The result of a program in a process of its own. */
export interface EndedProgram {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Runs a program in a process of its own until it ends by itself. It can import the package by name. */
export async function runProgram(code: string): Promise<EndedProgram> {
  const startedAt = performance.now();
  const options = ["--conditions=@pandaprobe/source", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...options, "--input-type=module", "-e", code], {
    cwd: packageFolder,
    stdio: ["ignore", "pipe", "pipe"],
    // A program that does not end fails its test, and must not outlive it.
    timeout: 25_000,
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code: exitCode, ...output, ms: performance.now() - startedAt };
}
