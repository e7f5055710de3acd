import { type Bars, barredMetrics } from "./bars.ts";
import { durationMs } from "./duration.ts";
import { metricNumbers } from "./metric-numbers.ts";
import { wholeNumber } from "./numbers.ts";
import type { Options } from "./parse-arguments.ts";
import { type RunSource, runSource } from "./run-source.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line asks for, read and checked. */
export interface EvalSettings {
  readonly source: RunSource;
  /** Whether nothing is evaluated, but what it would cost is told. */
  readonly isEstimate: boolean;
  readonly bars: Bars;
  readonly timeoutMs: number;
  readonly endpoint: string | undefined;
  readonly projectName: string | undefined;
  /** What goes to standard output. */
  readonly output: "table" | "json" | "junit";
  /** Where the JUnit report is written to besides. */
  readonly junitFile: string | undefined;
  /** How many of the lowest scores are shown of each metric, with their reasons. */
  readonly worst: number;
  readonly isQuiet: boolean;
  readonly mayColor: boolean;
}

/** What a timer can count to. */
const longestTimeoutMs = 2 ** 31 - 1;

/** @throws UsageError that names the first option which cannot be used. */
export function evalSettings(options: Options): EvalSettings {
  const bars: Bars = {
    mean: metricNumbers("min", options.min),
    rate: metricNumbers("min-rate", options["min-rate"]),
    maxFailed: wholeNumber("--max-failed", options["max-failed"] ?? "0"),
  };
  const { junit } = options;
  if (options.json === true && junit === "-") {
    throw new UsageError("--json and --junit - both want standard output: give --junit a file.");
  }
  const isEstimate = options.estimate ?? false;
  if (isEstimate && junit !== undefined) {
    throw new UsageError("--estimate makes no run: there is nothing for --junit to report.");
  }
  const timeoutMs = durationMs("timeout", options.timeout ?? "30m");
  if (timeoutMs > longestTimeoutMs) throw new UsageError("--timeout can be 24d at the most.");
  return {
    source: runSource(options, [...barredMetrics(bars)]),
    isEstimate,
    bars,
    timeoutMs,
    endpoint: options.endpoint,
    projectName: options.project,
    output: options.json === true ? "json" : junit === "-" ? "junit" : "table",
    junitFile: junit === "-" ? undefined : junit,
    worst: wholeNumber("--worst", options.worst ?? "5"),
    isQuiet: options.quiet ?? false,
    mayColor: options["no-color"] !== true,
  };
}
