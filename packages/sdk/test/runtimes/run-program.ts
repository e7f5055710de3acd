import { run } from "../support/run.ts";
import type { Outcome } from "./outcome.ts";

/** Runs the suite as a program of Node.js, Deno or Bun, which prints the outcomes. */
export async function runAsProgram(program: string, args: readonly string[]): Promise<Outcome[]> {
  // An empty environment: no key, no proxy, no options for Node.js.
  const { stdout } = await run(program, [...args], { env: {}, timeout: 60_000 });
  return JSON.parse(stdout) as Outcome[];
}
