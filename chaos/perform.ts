import type { Finding } from "./finding.ts";
import { seededRandom } from "./random.ts";
import type { Scenario, Trial } from "./scenario.ts";

export interface PerformOptions {
  readonly seed: number;
  readonly short: boolean;
  readonly signal: AbortSignal;
  say(progress: string): void;
}

export interface Performance {
  readonly findings: readonly Finding[];
  readonly seconds: number;
  /** Whether all that must hold did. */
  readonly holds: boolean;
}

/** Performs a scenario, and clears up after it. What throws in it is a finding too. */
export async function perform(scenario: Scenario, options: PerformOptions): Promise<Performance> {
  const startedAt = performance.now();
  const findings: Finding[] = [];
  const clearing: (() => unknown)[] = [];
  const add = (what: string, holds: boolean | null, measured: string | number) => {
    findings.push({ what, measured: String(measured), holds });
    options.say(`${holds === false ? "BROKEN: " : ""}${what}: ${measured}`);
  };
  // Whatever is still under way when the scenario has ended, well or not, starts nothing more.
  const over = new AbortController();
  const trial: Trial = {
    short: options.short,
    // Each scenario has a row of numbers of its own, whatever is performed before it.
    random: seededRandom(options.seed + [...scenario.name].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7)),
    signal: AbortSignal.any([options.signal, over.signal]),
    say: options.say,
    check: (what, holds, measured) => add(what, holds, measured),
    tell: (what, measured) => add(what, null, measured),
    defer: (clear) => clearing.push(clear),
  };
  const attempt = async (what: string, work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      if (!options.signal.aborted)
        add(what, false, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  };
  const interrupted = new Promise<never>((_, reject) => {
    options.signal.addEventListener("abort", () => reject(options.signal.reason), { once: true });
  });
  // Some waits hear of nothing: they end with the processes that they wait for.
  await attempt("went to its end", () => Promise.race([scenario.run(trial), interrupted]));
  over.abort();
  for (const clear of clearing.reverse()) await attempt("cleared up", clear);
  return {
    findings,
    seconds: (performance.now() - startedAt) / 1000,
    holds: !options.signal.aborted && findings.every(({ holds }) => holds !== false),
  };
}
