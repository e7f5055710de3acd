import { seededRandom } from "./random.ts";
import type { Scenario, Trial } from "./scenario.ts";

/** One result of a trial. */
export interface Finding {
  readonly what: string;
  readonly measured: string;
  /** `null` for a measurement without an expectation. */
  readonly holds: boolean | null;
}

export interface PerformOptions {
  readonly seed: number;
  readonly short: boolean;
  readonly signal: AbortSignal;
  say(progress: string): void;
}

export interface Performance {
  readonly findings: readonly Finding[];
  readonly seconds: number;
  /** Whether every check held. */
  readonly holds: boolean;
}

/** Performs a scenario and cleans up after it. An exception is a failed finding. */
export async function perform(scenario: Scenario, options: PerformOptions): Promise<Performance> {
  const startedAt = performance.now();
  const findings: Finding[] = [];
  const clearing: (() => unknown)[] = [];
  const add = (what: string, holds: boolean | null, measured: string | number) => {
    findings.push({ what, measured: String(measured), holds });
    options.say(`${holds === false ? "BROKEN: " : ""}${what}: ${measured}`);
  };
  // Aborts background work when the scenario has ended, successfully or not.
  const over = new AbortController();
  const trial: Trial = {
    short: options.short,
    // Each scenario has its own random sequence, independent of the scenarios before it.
    random: seededRandom(options.seed + [...scenario.name].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7)),
    signal: AbortSignal.any([options.signal, over.signal]),
    say: options.say,
    check: (what, holds, measured) => add(what, holds, measured),
    report: (what, measured) => add(what, null, measured),
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
  // Some waits ignore the signal; they end with the processes that they wait for.
  await attempt("ran to its end", () => Promise.race([scenario.run(trial), interrupted]));
  over.abort();
  for (const clear of clearing.reverse()) await attempt("cleaned up", clear);
  return {
    findings,
    seconds: (performance.now() - startedAt) / 1000,
    holds: !options.signal.aborted && findings.every(({ holds }) => holds !== false),
  };
}
