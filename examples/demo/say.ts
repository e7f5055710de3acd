import { bold, dim } from "./colors.ts";

/** What is being done now. */
export function step(what: string, detail = ""): void {
  console.log(`${bold(what)}${dim(detail)}`);
}

/** What came of it, and how long it took since then (by `performance.now()`). */
export function done(what: string, sinceMs: number): void {
  console.log(`  ${what} ${dim(`(${((performance.now() - sinceMs) / 1000).toFixed(1)} s)`)}`);
}

export function section(title: string, lines: readonly string[]): void {
  console.log(`\n${bold(title)}\n`);
  for (const line of lines) console.log(line);
}
