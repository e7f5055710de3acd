import { bold, dim } from "./colors.ts";

/** Prints what is being done. */
export function step(what: string, detail = ""): void {
  console.log(`${bold(what)}${dim(detail)}`);
}

/** Prints the result, and the time since `sinceMs` (from `performance.now()`). */
export function done(what: string, sinceMs: number): void {
  console.log(`  ${what} ${dim(`(${((performance.now() - sinceMs) / 1000).toFixed(1)} s)`)}`);
}

export function section(title: string, lines: readonly string[]): void {
  console.log(`\n${bold(title)}\n`);
  for (const line of lines) console.log(line);
}
